-- Makes values.tsv on a PostgreSQL 18 server: psql -XqAt -F <tab> -f values.sql > values.tsv
-- The scale of NaN and the infinities means nothing; the server may send any: it is set to 0 here.
-- Columns: type, Java class to read it as (empty: the default), text form, binary form in hex.
set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; set bytea_output = 'hex';
select 'bool', '', v, encode(boolsend(v), 'hex') from unnest('{t,f}'::bool[]) v;
select 'int2', '', v, encode(int2send(v), 'hex') from unnest('{0,1,-1,32767,-32768}'::int2[]) v;
select 'int4', '', v, encode(int4send(v), 'hex') from unnest('{0,1,-1,2147483647,-2147483648}'::int4[]) v;
select 'int8', '', v, encode(int8send(v), 'hex') from unnest('{0,1,-1,9223372036854775807,-9223372036854775808}'::int8[]) v;
select 'oid', '', v, encode(oidsend(v), 'hex') from unnest('{0,1,2147483648,4294967295}'::oid[]) v;
select 'float4', '', v, encode(float4send(v), 'hex') from unnest('{0,-0,1,3.3,-1.5,1e-4,1.2345e-5,123456,1e6,1234567,3.4028235e38,1e-45,NaN,Infinity,-Infinity}'::float4[]) v;
select 'float8', '', v, encode(float8send(v), 'hex') from unnest('{0,-0,1,3.3,-1.5,1e-4,1.2345e-5,1e14,1e15,123456789012345678,1e100,1.7976931348623157e308,2.2250738585072014e-308,9.5e-7,5e-324,NaN,Infinity,-Infinity}'::float8[]) v;
select 'numeric', '', v, encode(numeric_send(v), 'hex') from unnest(array['0','0.00','1','-1','9999','10000','10001','0.001000','-0.0001','1234567890.123456789','100000000','1e20','12345678901234567890.5','0.00000000000000000001','1e-100','-99999999999999999999999999999999.9999','9223372036854775807','-9223372036854775808','1000000000000000000000000','0.10','99.99','123456789012345678','1234567890123456','12345678901234567.8','10.000','1e200','12.3400000000','0.00010000']::numeric[]) v;
select 'numeric', 'Numeric', v, case when isfinite then encode(numeric_send(v), 'hex') else left(encode(numeric_send(v), 'hex'), 12) || '0000' end from unnest('{NaN,Infinity,-Infinity,1.50,-7}'::numeric[]) v, lateral (select v not in ('NaN', 'Infinity', '-Infinity') isfinite) f;
select t, '', v, encode(textsend(v), 'hex') from unnest('{text,varchar,bpchar,name,json}'::text[]) t, unnest(array['','a','pen','Grüße','日本語','😀 ok','�','''"\']) v where t <> 'json';
select 'json', '', v, encode(json_send(v), 'hex') from unnest(array['{"a": 1}','[ 1 ]','"é"']::json[]) v;
select 'jsonb', '', v, encode(jsonb_send(v), 'hex') from unnest(array['{"a": 1}','[1]','"é"']::jsonb[]) v;
select '"char"', '', v, encode(charsend(v), 'hex') from unnest(array['a','~','\200','\377','\001']::"char"[]) v;
select 'bytea', '', v, encode(byteasend(v), 'hex') from unnest(array['\x','\x00','\xdeadbeef00ff']::bytea[]) v;
select 'uuid', '', v, encode(uuid_send(v), 'hex') from unnest('{00000000-0000-0000-0000-000000000000,ffffffff-ffff-ffff-ffff-ffffffffffff,a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'::uuid[]) v;
select 'date', '', v, encode(date_send(v), 'hex') from unnest('{2000-01-01,1999-12-31,2024-02-29,0001-01-01,0001-12-31 BC,0044-03-15 BC,4714-11-24 BC,9999-12-31,10000-01-01,5874897-12-31,infinity,-infinity}'::date[]) v;
select 'time', '', v, encode(time_send(v), 'hex') from unnest('{00:00,23:59:59.999999,12:30:15.5,00:00:00.000001}'::time[]) v;
select 'time', 'Duration', v, encode(time_send(v), 'hex') from unnest('{00:00,24:00,12:30:15.5}'::time[]) v;
select 'timetz', '', v, encode(timetz_send(v), 'hex') from unnest('{00:00+00,23:59:59.999999+15:59:59,12:30:15.5-05:30,01:02:03+01:02:03,10:00-15:59}'::timetz[]) v;
select 'timestamp', '', v, encode(timestamp_send(v), 'hex') from unnest('{2000-01-01,1999-12-31 23:59:59.999999,2024-02-29 12:30:15.5,0044-03-15 12:00:00 BC,4714-11-24 00:00:00 BC,294276-12-31 23:59:59.999999,10000-01-01,infinity,-infinity}'::timestamp[]) v;
select 'timestamptz', c, v, encode(timestamptz_send(v), 'hex') from unnest(array['','Instant','ZonedDateTime']) c, unnest('{2000-01-01,1999-12-31 23:59:59.999999,2024-02-29 12:30:15.5,0044-03-15 12:00:00 BC,4714-11-24 00:00:00 BC,294276-12-31 23:59:59.999999,infinity,-infinity}'::timestamptz[]) v;
select 'interval', '', v, encode(interval_send(v), 'hex') from unnest(array['1 year 2 mons -3 days 04:05:06.789','-1 year -2 mons 3 days -04:05:06','-3 days 4:05:06','1-2','-1-2','0','infinity','-infinity','-0.5 sec','-1 mon','2 days','-1 year -3 days -00:00:00.000001','178000000 years 2147483647 days 2562047788:00:54.775807','-2562047788:00:54.775807','1 mon -1 sec','-1 day 1 sec','-1 hour','100:00:00.000001']::interval[]) v;
select 'int4[]', '', v, encode(array_send(v), 'hex') from (values ('{}'::int4[]), ('{1,2,3}'), ('{1,NULL,-3}'), ('{{1,2},{3,NULL}}'), ('{{{{{{7}}}}}}')) x(v);
select 'int4[]', 'PgArray', v, encode(array_send(v), 'hex') from (values ('{}'::int4[]), ('{1}'), ('[2:3]={4,5}'), ('[0:1][-1:0]={{1,2},{3,NULL}}')) x(v);
select 'text[]', '', v, encode(array_send(v), 'hex') from (values ('{}'::text[]), (array['','NULL',null,'null','a b','a,b','{','}','"','\','é',chr(12)]), (array[['x','y'],['z','']])) x(v);
select 'bytea[]', 'PgArray', v, encode(array_send(v), 'hex') from (values (array['\x00ff'::bytea, null])) x(v);
select 'numeric[]', '', v, encode(array_send(v), 'hex') from (values ('{1.50,NULL,0.001}'::numeric[])) x(v);
select 'date[]', '', v, encode(array_send(v), 'hex') from (values ('{infinity,0044-03-15 BC,NULL,2024-01-02}'::date[])) x(v);
select 'timestamptz[]', '', v, encode(array_send(v), 'hex') from (values ('{infinity,2024-01-02 03:04:05.678,-infinity}'::timestamptz[])) x(v);
select 'interval[]', '', v, encode(array_send(v), 'hex') from (values ('{1 day,-00:00:01,NULL}'::interval[])) x(v);
select 'bool[]', '', v, encode(array_send(v), 'hex') from (values ('{t,f,NULL}'::bool[])) x(v);
select 'uuid[]', '', v, encode(array_send(v), 'hex') from (values ('{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'::uuid[])) x(v);
select 'jsonb[]', '', v, encode(array_send(v), 'hex') from (values (array['{"a": [1, "x"]}'::jsonb])) x(v);
select '"char"[]', '', v, encode(array_send(v), 'hex') from (values ('{a,NULL,b}'::"char"[])) x(v);
select 'float8[]', '', v, encode(array_send(v), 'hex') from (values ('{1.5,NaN,-Infinity,NULL}'::float8[])) x(v);
