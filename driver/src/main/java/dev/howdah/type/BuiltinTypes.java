// Generated from src/main/data/pg_type.tsv by BuiltinTypesGenerator; do not edit.
package dev.howdah.type;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL 18's own types, those whose OIDs are the same in every database.
 *
 * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-type.html">pg_type</a>
 */
public final class BuiltinTypes {

    /** The schema of all types here. */
    public static final String SCHEMA = "pg_catalog";

    /** OID of {@code bool}. */
    public static final int BOOL = 16;

    /** OID of {@code bytea}. */
    public static final int BYTEA = 17;

    /** OID of {@code char}. */
    public static final int CHAR = 18;

    /** OID of {@code name}. */
    public static final int NAME = 19;

    /** OID of {@code int8}. */
    public static final int INT8 = 20;

    /** OID of {@code int2}. */
    public static final int INT2 = 21;

    /** OID of {@code int2vector}. */
    public static final int INT2VECTOR = 22;

    /** OID of {@code int4}. */
    public static final int INT4 = 23;

    /** OID of {@code regproc}. */
    public static final int REGPROC = 24;

    /** OID of {@code text}. */
    public static final int TEXT = 25;

    /** OID of {@code oid}. */
    public static final int OID = 26;

    /** OID of {@code tid}. */
    public static final int TID = 27;

    /** OID of {@code xid}. */
    public static final int XID = 28;

    /** OID of {@code cid}. */
    public static final int CID = 29;

    /** OID of {@code oidvector}. */
    public static final int OIDVECTOR = 30;

    /** OID of {@code pg_ddl_command}. */
    public static final int PG_DDL_COMMAND = 32;

    /** OID of {@code pg_type}. */
    public static final int PG_TYPE = 71;

    /** OID of {@code pg_attribute}. */
    public static final int PG_ATTRIBUTE = 75;

    /** OID of {@code pg_proc}. */
    public static final int PG_PROC = 81;

    /** OID of {@code pg_class}. */
    public static final int PG_CLASS = 83;

    /** OID of {@code json}. */
    public static final int JSON = 114;

    /** OID of {@code xml}. */
    public static final int XML = 142;

    /** OID of {@code _xml}. */
    public static final int XML_ARRAY = 143;

    /** OID of {@code pg_node_tree}. */
    public static final int PG_NODE_TREE = 194;

    /** OID of {@code _json}. */
    public static final int JSON_ARRAY = 199;

    /** OID of {@code _pg_type}. */
    public static final int PG_TYPE_ARRAY = 210;

    /** OID of {@code table_am_handler}. */
    public static final int TABLE_AM_HANDLER = 269;

    /** OID of {@code _pg_attribute}. */
    public static final int PG_ATTRIBUTE_ARRAY = 270;

    /** OID of {@code _xid8}. */
    public static final int XID8_ARRAY = 271;

    /** OID of {@code _pg_proc}. */
    public static final int PG_PROC_ARRAY = 272;

    /** OID of {@code _pg_class}. */
    public static final int PG_CLASS_ARRAY = 273;

    /** OID of {@code index_am_handler}. */
    public static final int INDEX_AM_HANDLER = 325;

    /** OID of {@code point}. */
    public static final int POINT = 600;

    /** OID of {@code lseg}. */
    public static final int LSEG = 601;

    /** OID of {@code path}. */
    public static final int PATH = 602;

    /** OID of {@code box}. */
    public static final int BOX = 603;

    /** OID of {@code polygon}. */
    public static final int POLYGON = 604;

    /** OID of {@code line}. */
    public static final int LINE = 628;

    /** OID of {@code _line}. */
    public static final int LINE_ARRAY = 629;

    /** OID of {@code cidr}. */
    public static final int CIDR = 650;

    /** OID of {@code _cidr}. */
    public static final int CIDR_ARRAY = 651;

    /** OID of {@code float4}. */
    public static final int FLOAT4 = 700;

    /** OID of {@code float8}. */
    public static final int FLOAT8 = 701;

    /** OID of {@code unknown}. */
    public static final int UNKNOWN = 705;

    /** OID of {@code circle}. */
    public static final int CIRCLE = 718;

    /** OID of {@code _circle}. */
    public static final int CIRCLE_ARRAY = 719;

    /** OID of {@code macaddr8}. */
    public static final int MACADDR8 = 774;

    /** OID of {@code _macaddr8}. */
    public static final int MACADDR8_ARRAY = 775;

    /** OID of {@code money}. */
    public static final int MONEY = 790;

    /** OID of {@code _money}. */
    public static final int MONEY_ARRAY = 791;

    /** OID of {@code macaddr}. */
    public static final int MACADDR = 829;

    /** OID of {@code inet}. */
    public static final int INET = 869;

    /** OID of {@code _bool}. */
    public static final int BOOL_ARRAY = 1000;

    /** OID of {@code _bytea}. */
    public static final int BYTEA_ARRAY = 1001;

    /** OID of {@code _char}. */
    public static final int CHAR_ARRAY = 1002;

    /** OID of {@code _name}. */
    public static final int NAME_ARRAY = 1003;

    /** OID of {@code _int2}. */
    public static final int INT2_ARRAY = 1005;

    /** OID of {@code _int2vector}. */
    public static final int INT2VECTOR_ARRAY = 1006;

    /** OID of {@code _int4}. */
    public static final int INT4_ARRAY = 1007;

    /** OID of {@code _regproc}. */
    public static final int REGPROC_ARRAY = 1008;

    /** OID of {@code _text}. */
    public static final int TEXT_ARRAY = 1009;

    /** OID of {@code _tid}. */
    public static final int TID_ARRAY = 1010;

    /** OID of {@code _xid}. */
    public static final int XID_ARRAY = 1011;

    /** OID of {@code _cid}. */
    public static final int CID_ARRAY = 1012;

    /** OID of {@code _oidvector}. */
    public static final int OIDVECTOR_ARRAY = 1013;

    /** OID of {@code _bpchar}. */
    public static final int BPCHAR_ARRAY = 1014;

    /** OID of {@code _varchar}. */
    public static final int VARCHAR_ARRAY = 1015;

    /** OID of {@code _int8}. */
    public static final int INT8_ARRAY = 1016;

    /** OID of {@code _point}. */
    public static final int POINT_ARRAY = 1017;

    /** OID of {@code _lseg}. */
    public static final int LSEG_ARRAY = 1018;

    /** OID of {@code _path}. */
    public static final int PATH_ARRAY = 1019;

    /** OID of {@code _box}. */
    public static final int BOX_ARRAY = 1020;

    /** OID of {@code _float4}. */
    public static final int FLOAT4_ARRAY = 1021;

    /** OID of {@code _float8}. */
    public static final int FLOAT8_ARRAY = 1022;

    /** OID of {@code _polygon}. */
    public static final int POLYGON_ARRAY = 1027;

    /** OID of {@code _oid}. */
    public static final int OID_ARRAY = 1028;

    /** OID of {@code aclitem}. */
    public static final int ACLITEM = 1033;

    /** OID of {@code _aclitem}. */
    public static final int ACLITEM_ARRAY = 1034;

    /** OID of {@code _macaddr}. */
    public static final int MACADDR_ARRAY = 1040;

    /** OID of {@code _inet}. */
    public static final int INET_ARRAY = 1041;

    /** OID of {@code bpchar}. */
    public static final int BPCHAR = 1042;

    /** OID of {@code varchar}. */
    public static final int VARCHAR = 1043;

    /** OID of {@code date}. */
    public static final int DATE = 1082;

    /** OID of {@code time}. */
    public static final int TIME = 1083;

    /** OID of {@code timestamp}. */
    public static final int TIMESTAMP = 1114;

    /** OID of {@code _timestamp}. */
    public static final int TIMESTAMP_ARRAY = 1115;

    /** OID of {@code _date}. */
    public static final int DATE_ARRAY = 1182;

    /** OID of {@code _time}. */
    public static final int TIME_ARRAY = 1183;

    /** OID of {@code timestamptz}. */
    public static final int TIMESTAMPTZ = 1184;

    /** OID of {@code _timestamptz}. */
    public static final int TIMESTAMPTZ_ARRAY = 1185;

    /** OID of {@code interval}. */
    public static final int INTERVAL = 1186;

    /** OID of {@code _interval}. */
    public static final int INTERVAL_ARRAY = 1187;

    /** OID of {@code _numeric}. */
    public static final int NUMERIC_ARRAY = 1231;

    /** OID of {@code pg_database}. */
    public static final int PG_DATABASE = 1248;

    /** OID of {@code _cstring}. */
    public static final int CSTRING_ARRAY = 1263;

    /** OID of {@code timetz}. */
    public static final int TIMETZ = 1266;

    /** OID of {@code _timetz}. */
    public static final int TIMETZ_ARRAY = 1270;

    /** OID of {@code bit}. */
    public static final int BIT = 1560;

    /** OID of {@code _bit}. */
    public static final int BIT_ARRAY = 1561;

    /** OID of {@code varbit}. */
    public static final int VARBIT = 1562;

    /** OID of {@code _varbit}. */
    public static final int VARBIT_ARRAY = 1563;

    /** OID of {@code numeric}. */
    public static final int NUMERIC = 1700;

    /** OID of {@code refcursor}. */
    public static final int REFCURSOR = 1790;

    /** OID of {@code _refcursor}. */
    public static final int REFCURSOR_ARRAY = 2201;

    /** OID of {@code regprocedure}. */
    public static final int REGPROCEDURE = 2202;

    /** OID of {@code regoper}. */
    public static final int REGOPER = 2203;

    /** OID of {@code regoperator}. */
    public static final int REGOPERATOR = 2204;

    /** OID of {@code regclass}. */
    public static final int REGCLASS = 2205;

    /** OID of {@code regtype}. */
    public static final int REGTYPE = 2206;

    /** OID of {@code _regprocedure}. */
    public static final int REGPROCEDURE_ARRAY = 2207;

    /** OID of {@code _regoper}. */
    public static final int REGOPER_ARRAY = 2208;

    /** OID of {@code _regoperator}. */
    public static final int REGOPERATOR_ARRAY = 2209;

    /** OID of {@code _regclass}. */
    public static final int REGCLASS_ARRAY = 2210;

    /** OID of {@code _regtype}. */
    public static final int REGTYPE_ARRAY = 2211;

    /** OID of {@code record}. */
    public static final int RECORD = 2249;

    /** OID of {@code cstring}. */
    public static final int CSTRING = 2275;

    /** OID of {@code any}. */
    public static final int ANY = 2276;

    /** OID of {@code anyarray}. */
    public static final int ANYARRAY = 2277;

    /** OID of {@code void}. */
    public static final int VOID = 2278;

    /** OID of {@code trigger}. */
    public static final int TRIGGER = 2279;

    /** OID of {@code language_handler}. */
    public static final int LANGUAGE_HANDLER = 2280;

    /** OID of {@code internal}. */
    public static final int INTERNAL = 2281;

    /** OID of {@code anyelement}. */
    public static final int ANYELEMENT = 2283;

    /** OID of {@code _record}. */
    public static final int RECORD_ARRAY = 2287;

    /** OID of {@code anynonarray}. */
    public static final int ANYNONARRAY = 2776;

    /** OID of {@code pg_authid}. */
    public static final int PG_AUTHID = 2842;

    /** OID of {@code pg_auth_members}. */
    public static final int PG_AUTH_MEMBERS = 2843;

    /** OID of {@code _txid_snapshot}. */
    public static final int TXID_SNAPSHOT_ARRAY = 2949;

    /** OID of {@code uuid}. */
    public static final int UUID = 2950;

    /** OID of {@code _uuid}. */
    public static final int UUID_ARRAY = 2951;

    /** OID of {@code txid_snapshot}. */
    public static final int TXID_SNAPSHOT = 2970;

    /** OID of {@code fdw_handler}. */
    public static final int FDW_HANDLER = 3115;

    /** OID of {@code pg_lsn}. */
    public static final int PG_LSN = 3220;

    /** OID of {@code _pg_lsn}. */
    public static final int PG_LSN_ARRAY = 3221;

    /** OID of {@code tsm_handler}. */
    public static final int TSM_HANDLER = 3310;

    /** OID of {@code pg_ndistinct}. */
    public static final int PG_NDISTINCT = 3361;

    /** OID of {@code pg_dependencies}. */
    public static final int PG_DEPENDENCIES = 3402;

    /** OID of {@code anyenum}. */
    public static final int ANYENUM = 3500;

    /** OID of {@code tsvector}. */
    public static final int TSVECTOR = 3614;

    /** OID of {@code tsquery}. */
    public static final int TSQUERY = 3615;

    /** OID of {@code gtsvector}. */
    public static final int GTSVECTOR = 3642;

    /** OID of {@code _tsvector}. */
    public static final int TSVECTOR_ARRAY = 3643;

    /** OID of {@code _gtsvector}. */
    public static final int GTSVECTOR_ARRAY = 3644;

    /** OID of {@code _tsquery}. */
    public static final int TSQUERY_ARRAY = 3645;

    /** OID of {@code regconfig}. */
    public static final int REGCONFIG = 3734;

    /** OID of {@code _regconfig}. */
    public static final int REGCONFIG_ARRAY = 3735;

    /** OID of {@code regdictionary}. */
    public static final int REGDICTIONARY = 3769;

    /** OID of {@code _regdictionary}. */
    public static final int REGDICTIONARY_ARRAY = 3770;

    /** OID of {@code jsonb}. */
    public static final int JSONB = 3802;

    /** OID of {@code _jsonb}. */
    public static final int JSONB_ARRAY = 3807;

    /** OID of {@code anyrange}. */
    public static final int ANYRANGE = 3831;

    /** OID of {@code event_trigger}. */
    public static final int EVENT_TRIGGER = 3838;

    /** OID of {@code int4range}. */
    public static final int INT4RANGE = 3904;

    /** OID of {@code _int4range}. */
    public static final int INT4RANGE_ARRAY = 3905;

    /** OID of {@code numrange}. */
    public static final int NUMRANGE = 3906;

    /** OID of {@code _numrange}. */
    public static final int NUMRANGE_ARRAY = 3907;

    /** OID of {@code tsrange}. */
    public static final int TSRANGE = 3908;

    /** OID of {@code _tsrange}. */
    public static final int TSRANGE_ARRAY = 3909;

    /** OID of {@code tstzrange}. */
    public static final int TSTZRANGE = 3910;

    /** OID of {@code _tstzrange}. */
    public static final int TSTZRANGE_ARRAY = 3911;

    /** OID of {@code daterange}. */
    public static final int DATERANGE = 3912;

    /** OID of {@code _daterange}. */
    public static final int DATERANGE_ARRAY = 3913;

    /** OID of {@code int8range}. */
    public static final int INT8RANGE = 3926;

    /** OID of {@code _int8range}. */
    public static final int INT8RANGE_ARRAY = 3927;

    /** OID of {@code pg_shseclabel}. */
    public static final int PG_SHSECLABEL = 4066;

    /** OID of {@code jsonpath}. */
    public static final int JSONPATH = 4072;

    /** OID of {@code _jsonpath}. */
    public static final int JSONPATH_ARRAY = 4073;

    /** OID of {@code regnamespace}. */
    public static final int REGNAMESPACE = 4089;

    /** OID of {@code _regnamespace}. */
    public static final int REGNAMESPACE_ARRAY = 4090;

    /** OID of {@code regrole}. */
    public static final int REGROLE = 4096;

    /** OID of {@code _regrole}. */
    public static final int REGROLE_ARRAY = 4097;

    /** OID of {@code regcollation}. */
    public static final int REGCOLLATION = 4191;

    /** OID of {@code _regcollation}. */
    public static final int REGCOLLATION_ARRAY = 4192;

    /** OID of {@code int4multirange}. */
    public static final int INT4MULTIRANGE = 4451;

    /** OID of {@code nummultirange}. */
    public static final int NUMMULTIRANGE = 4532;

    /** OID of {@code tsmultirange}. */
    public static final int TSMULTIRANGE = 4533;

    /** OID of {@code tstzmultirange}. */
    public static final int TSTZMULTIRANGE = 4534;

    /** OID of {@code datemultirange}. */
    public static final int DATEMULTIRANGE = 4535;

    /** OID of {@code int8multirange}. */
    public static final int INT8MULTIRANGE = 4536;

    /** OID of {@code anymultirange}. */
    public static final int ANYMULTIRANGE = 4537;

    /** OID of {@code anycompatiblemultirange}. */
    public static final int ANYCOMPATIBLEMULTIRANGE = 4538;

    /** OID of {@code pg_brin_bloom_summary}. */
    public static final int PG_BRIN_BLOOM_SUMMARY = 4600;

    /** OID of {@code pg_brin_minmax_multi_summary}. */
    public static final int PG_BRIN_MINMAX_MULTI_SUMMARY = 4601;

    /** OID of {@code pg_mcv_list}. */
    public static final int PG_MCV_LIST = 5017;

    /** OID of {@code pg_snapshot}. */
    public static final int PG_SNAPSHOT = 5038;

    /** OID of {@code _pg_snapshot}. */
    public static final int PG_SNAPSHOT_ARRAY = 5039;

    /** OID of {@code xid8}. */
    public static final int XID8 = 5069;

    /** OID of {@code anycompatible}. */
    public static final int ANYCOMPATIBLE = 5077;

    /** OID of {@code anycompatiblearray}. */
    public static final int ANYCOMPATIBLEARRAY = 5078;

    /** OID of {@code anycompatiblenonarray}. */
    public static final int ANYCOMPATIBLENONARRAY = 5079;

    /** OID of {@code anycompatiblerange}. */
    public static final int ANYCOMPATIBLERANGE = 5080;

    /** OID of {@code pg_subscription}. */
    public static final int PG_SUBSCRIPTION = 6101;

    /** OID of {@code _int4multirange}. */
    public static final int INT4MULTIRANGE_ARRAY = 6150;

    /** OID of {@code _nummultirange}. */
    public static final int NUMMULTIRANGE_ARRAY = 6151;

    /** OID of {@code _tsmultirange}. */
    public static final int TSMULTIRANGE_ARRAY = 6152;

    /** OID of {@code _tstzmultirange}. */
    public static final int TSTZMULTIRANGE_ARRAY = 6153;

    /** OID of {@code _datemultirange}. */
    public static final int DATEMULTIRANGE_ARRAY = 6155;

    /** OID of {@code _int8multirange}. */
    public static final int INT8MULTIRANGE_ARRAY = 6157;

    private static final Map<Integer, PgType> TYPES = new HashMap<>(512);

    static {
        add(BOOL, "bool", PgType.Kind.BASE, 0, 1000, 0, ',');
        add(BYTEA, "bytea", PgType.Kind.BASE, 0, 1001, 0, ',');
        add(CHAR, "char", PgType.Kind.BASE, 0, 1002, 0, ',');
        add(NAME, "name", PgType.Kind.BASE, 0, 1003, 0, ',');
        add(INT8, "int8", PgType.Kind.BASE, 0, 1016, 0, ',');
        add(INT2, "int2", PgType.Kind.BASE, 0, 1005, 0, ',');
        add(INT2VECTOR, "int2vector", PgType.Kind.BASE, 0, 1006, 0, ',');
        add(INT4, "int4", PgType.Kind.BASE, 0, 1007, 0, ',');
        add(REGPROC, "regproc", PgType.Kind.BASE, 0, 1008, 0, ',');
        add(TEXT, "text", PgType.Kind.BASE, 0, 1009, 0, ',');
        add(OID, "oid", PgType.Kind.BASE, 0, 1028, 0, ',');
        add(TID, "tid", PgType.Kind.BASE, 0, 1010, 0, ',');
        add(XID, "xid", PgType.Kind.BASE, 0, 1011, 0, ',');
        add(CID, "cid", PgType.Kind.BASE, 0, 1012, 0, ',');
        add(OIDVECTOR, "oidvector", PgType.Kind.BASE, 0, 1013, 0, ',');
        add(PG_DDL_COMMAND, "pg_ddl_command", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(PG_TYPE, "pg_type", PgType.Kind.COMPOSITE, 0, 210, 0, ',');
        add(PG_ATTRIBUTE, "pg_attribute", PgType.Kind.COMPOSITE, 0, 270, 0, ',');
        add(PG_PROC, "pg_proc", PgType.Kind.COMPOSITE, 0, 272, 0, ',');
        add(PG_CLASS, "pg_class", PgType.Kind.COMPOSITE, 0, 273, 0, ',');
        add(JSON, "json", PgType.Kind.BASE, 0, 199, 0, ',');
        add(XML, "xml", PgType.Kind.BASE, 0, 143, 0, ',');
        add(XML_ARRAY, "_xml", PgType.Kind.ARRAY, 142, 0, 0, ',');
        add(PG_NODE_TREE, "pg_node_tree", PgType.Kind.BASE, 0, 0, 0, ',');
        add(JSON_ARRAY, "_json", PgType.Kind.ARRAY, 114, 0, 0, ',');
        add(PG_TYPE_ARRAY, "_pg_type", PgType.Kind.ARRAY, 71, 0, 0, ',');
        add(TABLE_AM_HANDLER, "table_am_handler", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(PG_ATTRIBUTE_ARRAY, "_pg_attribute", PgType.Kind.ARRAY, 75, 0, 0, ',');
        add(XID8_ARRAY, "_xid8", PgType.Kind.ARRAY, 5069, 0, 0, ',');
        add(PG_PROC_ARRAY, "_pg_proc", PgType.Kind.ARRAY, 81, 0, 0, ',');
        add(PG_CLASS_ARRAY, "_pg_class", PgType.Kind.ARRAY, 83, 0, 0, ',');
        add(INDEX_AM_HANDLER, "index_am_handler", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(POINT, "point", PgType.Kind.BASE, 0, 1017, 0, ',');
        add(LSEG, "lseg", PgType.Kind.BASE, 0, 1018, 0, ',');
        add(PATH, "path", PgType.Kind.BASE, 0, 1019, 0, ',');
        add(BOX, "box", PgType.Kind.BASE, 0, 1020, 0, ';');
        add(POLYGON, "polygon", PgType.Kind.BASE, 0, 1027, 0, ',');
        add(LINE, "line", PgType.Kind.BASE, 0, 629, 0, ',');
        add(LINE_ARRAY, "_line", PgType.Kind.ARRAY, 628, 0, 0, ',');
        add(CIDR, "cidr", PgType.Kind.BASE, 0, 651, 0, ',');
        add(CIDR_ARRAY, "_cidr", PgType.Kind.ARRAY, 650, 0, 0, ',');
        add(FLOAT4, "float4", PgType.Kind.BASE, 0, 1021, 0, ',');
        add(FLOAT8, "float8", PgType.Kind.BASE, 0, 1022, 0, ',');
        add(UNKNOWN, "unknown", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(CIRCLE, "circle", PgType.Kind.BASE, 0, 719, 0, ',');
        add(CIRCLE_ARRAY, "_circle", PgType.Kind.ARRAY, 718, 0, 0, ',');
        add(MACADDR8, "macaddr8", PgType.Kind.BASE, 0, 775, 0, ',');
        add(MACADDR8_ARRAY, "_macaddr8", PgType.Kind.ARRAY, 774, 0, 0, ',');
        add(MONEY, "money", PgType.Kind.BASE, 0, 791, 0, ',');
        add(MONEY_ARRAY, "_money", PgType.Kind.ARRAY, 790, 0, 0, ',');
        add(MACADDR, "macaddr", PgType.Kind.BASE, 0, 1040, 0, ',');
        add(INET, "inet", PgType.Kind.BASE, 0, 1041, 0, ',');
        add(BOOL_ARRAY, "_bool", PgType.Kind.ARRAY, 16, 0, 0, ',');
        add(BYTEA_ARRAY, "_bytea", PgType.Kind.ARRAY, 17, 0, 0, ',');
        add(CHAR_ARRAY, "_char", PgType.Kind.ARRAY, 18, 0, 0, ',');
        add(NAME_ARRAY, "_name", PgType.Kind.ARRAY, 19, 0, 0, ',');
        add(INT2_ARRAY, "_int2", PgType.Kind.ARRAY, 21, 0, 0, ',');
        add(INT2VECTOR_ARRAY, "_int2vector", PgType.Kind.ARRAY, 22, 0, 0, ',');
        add(INT4_ARRAY, "_int4", PgType.Kind.ARRAY, 23, 0, 0, ',');
        add(REGPROC_ARRAY, "_regproc", PgType.Kind.ARRAY, 24, 0, 0, ',');
        add(TEXT_ARRAY, "_text", PgType.Kind.ARRAY, 25, 0, 0, ',');
        add(TID_ARRAY, "_tid", PgType.Kind.ARRAY, 27, 0, 0, ',');
        add(XID_ARRAY, "_xid", PgType.Kind.ARRAY, 28, 0, 0, ',');
        add(CID_ARRAY, "_cid", PgType.Kind.ARRAY, 29, 0, 0, ',');
        add(OIDVECTOR_ARRAY, "_oidvector", PgType.Kind.ARRAY, 30, 0, 0, ',');
        add(BPCHAR_ARRAY, "_bpchar", PgType.Kind.ARRAY, 1042, 0, 0, ',');
        add(VARCHAR_ARRAY, "_varchar", PgType.Kind.ARRAY, 1043, 0, 0, ',');
        add(INT8_ARRAY, "_int8", PgType.Kind.ARRAY, 20, 0, 0, ',');
        add(POINT_ARRAY, "_point", PgType.Kind.ARRAY, 600, 0, 0, ',');
        add(LSEG_ARRAY, "_lseg", PgType.Kind.ARRAY, 601, 0, 0, ',');
        add(PATH_ARRAY, "_path", PgType.Kind.ARRAY, 602, 0, 0, ',');
        add(BOX_ARRAY, "_box", PgType.Kind.ARRAY, 603, 0, 0, ';');
        add(FLOAT4_ARRAY, "_float4", PgType.Kind.ARRAY, 700, 0, 0, ',');
        add(FLOAT8_ARRAY, "_float8", PgType.Kind.ARRAY, 701, 0, 0, ',');
        add(POLYGON_ARRAY, "_polygon", PgType.Kind.ARRAY, 604, 0, 0, ',');
        add(OID_ARRAY, "_oid", PgType.Kind.ARRAY, 26, 0, 0, ',');
        add(ACLITEM, "aclitem", PgType.Kind.BASE, 0, 1034, 0, ',');
        add(ACLITEM_ARRAY, "_aclitem", PgType.Kind.ARRAY, 1033, 0, 0, ',');
        add(MACADDR_ARRAY, "_macaddr", PgType.Kind.ARRAY, 829, 0, 0, ',');
        add(INET_ARRAY, "_inet", PgType.Kind.ARRAY, 869, 0, 0, ',');
        add(BPCHAR, "bpchar", PgType.Kind.BASE, 0, 1014, 0, ',');
        add(VARCHAR, "varchar", PgType.Kind.BASE, 0, 1015, 0, ',');
        add(DATE, "date", PgType.Kind.BASE, 0, 1182, 0, ',');
        add(TIME, "time", PgType.Kind.BASE, 0, 1183, 0, ',');
        add(TIMESTAMP, "timestamp", PgType.Kind.BASE, 0, 1115, 0, ',');
        add(TIMESTAMP_ARRAY, "_timestamp", PgType.Kind.ARRAY, 1114, 0, 0, ',');
        add(DATE_ARRAY, "_date", PgType.Kind.ARRAY, 1082, 0, 0, ',');
        add(TIME_ARRAY, "_time", PgType.Kind.ARRAY, 1083, 0, 0, ',');
        add(TIMESTAMPTZ, "timestamptz", PgType.Kind.BASE, 0, 1185, 0, ',');
        add(TIMESTAMPTZ_ARRAY, "_timestamptz", PgType.Kind.ARRAY, 1184, 0, 0, ',');
        add(INTERVAL, "interval", PgType.Kind.BASE, 0, 1187, 0, ',');
        add(INTERVAL_ARRAY, "_interval", PgType.Kind.ARRAY, 1186, 0, 0, ',');
        add(NUMERIC_ARRAY, "_numeric", PgType.Kind.ARRAY, 1700, 0, 0, ',');
        add(PG_DATABASE, "pg_database", PgType.Kind.COMPOSITE, 0, 10052, 0, ',');
        add(CSTRING_ARRAY, "_cstring", PgType.Kind.ARRAY, 2275, 0, 0, ',');
        add(TIMETZ, "timetz", PgType.Kind.BASE, 0, 1270, 0, ',');
        add(TIMETZ_ARRAY, "_timetz", PgType.Kind.ARRAY, 1266, 0, 0, ',');
        add(BIT, "bit", PgType.Kind.BASE, 0, 1561, 0, ',');
        add(BIT_ARRAY, "_bit", PgType.Kind.ARRAY, 1560, 0, 0, ',');
        add(VARBIT, "varbit", PgType.Kind.BASE, 0, 1563, 0, ',');
        add(VARBIT_ARRAY, "_varbit", PgType.Kind.ARRAY, 1562, 0, 0, ',');
        add(NUMERIC, "numeric", PgType.Kind.BASE, 0, 1231, 0, ',');
        add(REFCURSOR, "refcursor", PgType.Kind.BASE, 0, 2201, 0, ',');
        add(REFCURSOR_ARRAY, "_refcursor", PgType.Kind.ARRAY, 1790, 0, 0, ',');
        add(REGPROCEDURE, "regprocedure", PgType.Kind.BASE, 0, 2207, 0, ',');
        add(REGOPER, "regoper", PgType.Kind.BASE, 0, 2208, 0, ',');
        add(REGOPERATOR, "regoperator", PgType.Kind.BASE, 0, 2209, 0, ',');
        add(REGCLASS, "regclass", PgType.Kind.BASE, 0, 2210, 0, ',');
        add(REGTYPE, "regtype", PgType.Kind.BASE, 0, 2211, 0, ',');
        add(REGPROCEDURE_ARRAY, "_regprocedure", PgType.Kind.ARRAY, 2202, 0, 0, ',');
        add(REGOPER_ARRAY, "_regoper", PgType.Kind.ARRAY, 2203, 0, 0, ',');
        add(REGOPERATOR_ARRAY, "_regoperator", PgType.Kind.ARRAY, 2204, 0, 0, ',');
        add(REGCLASS_ARRAY, "_regclass", PgType.Kind.ARRAY, 2205, 0, 0, ',');
        add(REGTYPE_ARRAY, "_regtype", PgType.Kind.ARRAY, 2206, 0, 0, ',');
        add(RECORD, "record", PgType.Kind.PSEUDO, 0, 2287, 0, ',');
        add(CSTRING, "cstring", PgType.Kind.PSEUDO, 0, 1263, 0, ',');
        add(ANY, "any", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(ANYARRAY, "anyarray", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(VOID, "void", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(TRIGGER, "trigger", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(LANGUAGE_HANDLER, "language_handler", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(INTERNAL, "internal", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(ANYELEMENT, "anyelement", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(RECORD_ARRAY, "_record", PgType.Kind.ARRAY, 2249, 0, 0, ',');
        add(ANYNONARRAY, "anynonarray", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(PG_AUTHID, "pg_authid", PgType.Kind.COMPOSITE, 0, 10057, 0, ',');
        add(PG_AUTH_MEMBERS, "pg_auth_members", PgType.Kind.COMPOSITE, 0, 10058, 0, ',');
        add(TXID_SNAPSHOT_ARRAY, "_txid_snapshot", PgType.Kind.ARRAY, 2970, 0, 0, ',');
        add(UUID, "uuid", PgType.Kind.BASE, 0, 2951, 0, ',');
        add(UUID_ARRAY, "_uuid", PgType.Kind.ARRAY, 2950, 0, 0, ',');
        add(TXID_SNAPSHOT, "txid_snapshot", PgType.Kind.BASE, 0, 2949, 0, ',');
        add(FDW_HANDLER, "fdw_handler", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(PG_LSN, "pg_lsn", PgType.Kind.BASE, 0, 3221, 0, ',');
        add(PG_LSN_ARRAY, "_pg_lsn", PgType.Kind.ARRAY, 3220, 0, 0, ',');
        add(TSM_HANDLER, "tsm_handler", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(PG_NDISTINCT, "pg_ndistinct", PgType.Kind.BASE, 0, 0, 0, ',');
        add(PG_DEPENDENCIES, "pg_dependencies", PgType.Kind.BASE, 0, 0, 0, ',');
        add(ANYENUM, "anyenum", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(TSVECTOR, "tsvector", PgType.Kind.BASE, 0, 3643, 0, ',');
        add(TSQUERY, "tsquery", PgType.Kind.BASE, 0, 3645, 0, ',');
        add(GTSVECTOR, "gtsvector", PgType.Kind.BASE, 0, 3644, 0, ',');
        add(TSVECTOR_ARRAY, "_tsvector", PgType.Kind.ARRAY, 3614, 0, 0, ',');
        add(GTSVECTOR_ARRAY, "_gtsvector", PgType.Kind.ARRAY, 3642, 0, 0, ',');
        add(TSQUERY_ARRAY, "_tsquery", PgType.Kind.ARRAY, 3615, 0, 0, ',');
        add(REGCONFIG, "regconfig", PgType.Kind.BASE, 0, 3735, 0, ',');
        add(REGCONFIG_ARRAY, "_regconfig", PgType.Kind.ARRAY, 3734, 0, 0, ',');
        add(REGDICTIONARY, "regdictionary", PgType.Kind.BASE, 0, 3770, 0, ',');
        add(REGDICTIONARY_ARRAY, "_regdictionary", PgType.Kind.ARRAY, 3769, 0, 0, ',');
        add(JSONB, "jsonb", PgType.Kind.BASE, 0, 3807, 0, ',');
        add(JSONB_ARRAY, "_jsonb", PgType.Kind.ARRAY, 3802, 0, 0, ',');
        add(ANYRANGE, "anyrange", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(EVENT_TRIGGER, "event_trigger", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(INT4RANGE, "int4range", PgType.Kind.RANGE, 0, 3905, 23, ',');
        add(INT4RANGE_ARRAY, "_int4range", PgType.Kind.ARRAY, 3904, 0, 0, ',');
        add(NUMRANGE, "numrange", PgType.Kind.RANGE, 0, 3907, 1700, ',');
        add(NUMRANGE_ARRAY, "_numrange", PgType.Kind.ARRAY, 3906, 0, 0, ',');
        add(TSRANGE, "tsrange", PgType.Kind.RANGE, 0, 3909, 1114, ',');
        add(TSRANGE_ARRAY, "_tsrange", PgType.Kind.ARRAY, 3908, 0, 0, ',');
        add(TSTZRANGE, "tstzrange", PgType.Kind.RANGE, 0, 3911, 1184, ',');
        add(TSTZRANGE_ARRAY, "_tstzrange", PgType.Kind.ARRAY, 3910, 0, 0, ',');
        add(DATERANGE, "daterange", PgType.Kind.RANGE, 0, 3913, 1082, ',');
        add(DATERANGE_ARRAY, "_daterange", PgType.Kind.ARRAY, 3912, 0, 0, ',');
        add(INT8RANGE, "int8range", PgType.Kind.RANGE, 0, 3927, 20, ',');
        add(INT8RANGE_ARRAY, "_int8range", PgType.Kind.ARRAY, 3926, 0, 0, ',');
        add(PG_SHSECLABEL, "pg_shseclabel", PgType.Kind.COMPOSITE, 0, 10093, 0, ',');
        add(JSONPATH, "jsonpath", PgType.Kind.BASE, 0, 4073, 0, ',');
        add(JSONPATH_ARRAY, "_jsonpath", PgType.Kind.ARRAY, 4072, 0, 0, ',');
        add(REGNAMESPACE, "regnamespace", PgType.Kind.BASE, 0, 4090, 0, ',');
        add(REGNAMESPACE_ARRAY, "_regnamespace", PgType.Kind.ARRAY, 4089, 0, 0, ',');
        add(REGROLE, "regrole", PgType.Kind.BASE, 0, 4097, 0, ',');
        add(REGROLE_ARRAY, "_regrole", PgType.Kind.ARRAY, 4096, 0, 0, ',');
        add(REGCOLLATION, "regcollation", PgType.Kind.BASE, 0, 4192, 0, ',');
        add(REGCOLLATION_ARRAY, "_regcollation", PgType.Kind.ARRAY, 4191, 0, 0, ',');
        add(INT4MULTIRANGE, "int4multirange", PgType.Kind.MULTIRANGE, 0, 6150, 3904, ',');
        add(NUMMULTIRANGE, "nummultirange", PgType.Kind.MULTIRANGE, 0, 6151, 3906, ',');
        add(TSMULTIRANGE, "tsmultirange", PgType.Kind.MULTIRANGE, 0, 6152, 3908, ',');
        add(TSTZMULTIRANGE, "tstzmultirange", PgType.Kind.MULTIRANGE, 0, 6153, 3910, ',');
        add(DATEMULTIRANGE, "datemultirange", PgType.Kind.MULTIRANGE, 0, 6155, 3912, ',');
        add(INT8MULTIRANGE, "int8multirange", PgType.Kind.MULTIRANGE, 0, 6157, 3926, ',');
        add(ANYMULTIRANGE, "anymultirange", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(ANYCOMPATIBLEMULTIRANGE, "anycompatiblemultirange", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(PG_BRIN_BLOOM_SUMMARY, "pg_brin_bloom_summary", PgType.Kind.BASE, 0, 0, 0, ',');
        add(PG_BRIN_MINMAX_MULTI_SUMMARY, "pg_brin_minmax_multi_summary", PgType.Kind.BASE, 0, 0, 0, ',');
        add(PG_MCV_LIST, "pg_mcv_list", PgType.Kind.BASE, 0, 0, 0, ',');
        add(PG_SNAPSHOT, "pg_snapshot", PgType.Kind.BASE, 0, 5039, 0, ',');
        add(PG_SNAPSHOT_ARRAY, "_pg_snapshot", PgType.Kind.ARRAY, 5038, 0, 0, ',');
        add(XID8, "xid8", PgType.Kind.BASE, 0, 271, 0, ',');
        add(ANYCOMPATIBLE, "anycompatible", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(ANYCOMPATIBLEARRAY, "anycompatiblearray", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(ANYCOMPATIBLENONARRAY, "anycompatiblenonarray", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(ANYCOMPATIBLERANGE, "anycompatiblerange", PgType.Kind.PSEUDO, 0, 0, 0, ',');
        add(PG_SUBSCRIPTION, "pg_subscription", PgType.Kind.COMPOSITE, 0, 10112, 0, ',');
        add(INT4MULTIRANGE_ARRAY, "_int4multirange", PgType.Kind.ARRAY, 4451, 0, 0, ',');
        add(NUMMULTIRANGE_ARRAY, "_nummultirange", PgType.Kind.ARRAY, 4532, 0, 0, ',');
        add(TSMULTIRANGE_ARRAY, "_tsmultirange", PgType.Kind.ARRAY, 4533, 0, 0, ',');
        add(TSTZMULTIRANGE_ARRAY, "_tstzmultirange", PgType.Kind.ARRAY, 4534, 0, 0, ',');
        add(DATEMULTIRANGE_ARRAY, "_datemultirange", PgType.Kind.ARRAY, 4535, 0, 0, ',');
        add(INT8MULTIRANGE_ARRAY, "_int8multirange", PgType.Kind.ARRAY, 4536, 0, 0, ',');
    }

    private BuiltinTypes() {}

    private static void add(int oid, String name, PgType.Kind kind, int element, int array, int base, char delimiter) {
        TYPES.put(oid, new PgType(oid, SCHEMA, name, kind, element, array, base, delimiter));
    }

    /**
     * {@return the type with an OID, null if it is none of these}
     *
     * @param oid the type's OID
     */
    public static @Nullable PgType find(int oid) {
        return TYPES.get(oid);
    }

    /** {@return all types here, in no order; unmodifiable} */
    public static Collection<PgType> all() {
        return Collections.unmodifiableCollection(TYPES.values());
    }
}
