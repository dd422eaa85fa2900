package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.howdah.ConnectOptions.Host;
import dev.howdah.error.ConfigException;
import dev.howdah.password.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConnectOptionsTest {
    private static final long SEED = 20260101;

    private static ConnectOptionsBuilder builder() {
        return ConnectOptions.builder(TestEnvironment.empty());
    }

    private static ConnectOptions parse(String text) {
        return ConnectOptions.parse(text, TestEnvironment.empty());
    }

    @Test
    void defaultsAreThoseOfTheTable() {
        ConnectOptions options = parse("");
        assertThat(options.hosts()).containsExactly(new Host("localhost", null, 5432));
        assertThat(options.sslMode()).isEqualTo(SslMode.PREFER);
        assertThat(options.channelBinding()).isEqualTo("prefer");
        assertThat(options.requireAuth())
                .containsExactly("password", "md5", "gss", "sspi", "scram-sha-256", "oauth", "none");
        assertThat(options.connectTimeout()).isNull();
        assertThat(options.connectTotalTimeout()).isNull();
        assertThat(options.queryTimeout()).isNull();
        assertThat(options.statementCacheSize()).isEqualTo(256);
        assertThat(options.sslMinProtocolVersion()).isEqualTo("TLSv1.2");
        assertThat(options.sslMaxProtocolVersion()).isNull();
        assertThat(options.minProtocolVersion()).isEqualTo("3.0");
        assertThat(options.maxProtocolVersion()).isEqualTo("3.2");
        assertThat(options.keepalives()).isTrue();
        assertThat(options.keepalivesIdle()).isNull();
        assertThat(options.traceFile()).isNull();
        assertThat(options.password(options.hosts().get(0))).isNull();
    }

    @Test
    void everyGetterShowsWhatWasGiven() {
        ConnectOptions options = parse("host=h hostaddr=10.0.0.1 sslcert=c sslkey=k sslpassword=sp sslcertmode=require"
                + " sslcrl=l sslcrldir=ld sslsni=0 sslmode=verify-full sslnegotiation=direct sslrootcert=system"
                + " ssl_max_protocol_version=tlsv1.3 requirepeer=p krbsrvname=s gssdelegation=1 oauth_issuer=i"
                + " oauth_client_id=ci oauth_client_secret=cs oauth_scope=sc target_session_attrs=standby"
                + " load_balance_hosts=random keepalives=0 keepalives_idle=1 keepalives_interval=2 keepalives_count=3"
                + " tcp_user_timeout=4 connect_timeout=1 connect_total_timeout=1.5 require_auth=!none");
        assertThat(options.hosts()).containsExactly(new Host("h", "10.0.0.1", 5432));
        assertThat(List.of(options.sslCert(), options.sslKey(), options.sslCertMode(), options.sslCrl()))
                .containsExactly("c", "k", "require", "l");
        assertThat(options.sslCrlDir()).isEqualTo("ld");
        assertThat(options.sslPassword()).isEqualTo(Secret.of("sp"));
        assertThat(options.sslSni()).isFalse();
        assertThat(options.sslDirect()).isTrue();
        assertThat(options.sslRootCert()).isEqualTo("system");
        assertThat(options.sslMaxProtocolVersion()).isEqualTo("TLSv1.3");
        assertThat(options.requirePeer()).isEqualTo("p");
        assertThat(options.krbSrvName()).isEqualTo("s");
        assertThat(options.gssDelegation()).isTrue();
        assertThat(List.of(options.oauthIssuer(), options.oauthClientId(), options.oauthScope()))
                .containsExactly("i", "ci", "sc");
        assertThat(options.oauthClientSecret()).isEqualTo(Secret.of("cs"));
        assertThat(options.targetSessionAttrs()).isEqualTo("standby");
        assertThat(options.loadBalanceHosts()).isEqualTo("random");
        assertThat(options.keepalives()).isFalse();
        assertThat(options.keepalivesIdle()).isEqualTo(Duration.ofSeconds(1));
        assertThat(options.keepalivesInterval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.keepalivesCount()).isEqualTo(3);
        assertThat(options.tcpUserTimeout()).isEqualTo(Duration.ofMillis(4));
        assertThat(options.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.connectTotalTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(options.requireAuth()).hasSize(6).doesNotContain("none");
    }

    @Test
    void aRootCertificateOfTheSystemMeansFullVerification() {
        assertThat(parse("sslrootcert=system").sslMode()).isEqualTo(SslMode.VERIFY_FULL);
    }

    @Test
    void startupParametersAreWhatWasAskedForAndNothingElse() {
        assertThat(parse("user=u dbname=d").startupParameters())
                .isEqualTo(Map.of("user", "u", "database", "d", "client_encoding", "UTF8"));
        ConnectOptions options = builder()
                .user("u")
                .applicationName("a")
                .option("fallback_application_name", "f")
                .option("options", "-c x=1")
                .option("replication", "database")
                .parameter("search_path", "s, t")
                .build();
        assertThat(options.startupParameters().toString())
                .isEqualTo("{user=u, database=u, replication=database, options=-c x=1, application_name=a,"
                        + " client_encoding=UTF8, search_path=s, t}");
        assertThat(parse("fallback_application_name=f").startupParameters()).containsEntry("application_name", "f");
        assertThat(parse("application_name='' fallback_application_name=f").startupParameters())
                .doesNotContainKey("application_name");
    }

    @Test
    void builderSettersEqualTheirKeywords() {
        ConnectOptions built = builder()
                .host("h", 5433)
                .addHost("h2", 5434)
                .dbname("d")
                .user("u")
                .password("p")
                .sslMode(SslMode.REQUIRE)
                .sslRootCert("r")
                .sslCert(Path.of("c"), Path.of("k"))
                .channelBinding("require")
                .applicationName("a")
                .targetSessionAttrs("primary")
                .connectTimeout(Duration.ofMillis(2500))
                .connectTotalTimeout(Duration.ofMillis(60_500))
                .queryTimeout(Duration.ofMillis(10))
                .statementCacheSize(0)
                .parameter("work_mem", "1MB")
                .build();
        assertThat(built)
                .isEqualTo(parse("host=h,h2 port=5433,5434 dbname=d user=u password=p sslmode=require sslrootcert=r"
                        + " sslcert=c sslkey=k channel_binding=require application_name=a"
                        + " target_session_attrs=primary connect_timeout=3 connect_total_timeout=60.5"
                        + " query_timeout=0.01 statement_cache_size=0 parameter.work_mem=1MB"))
                .hasSameHashCodeAs(parse(built.toString().replace("***", "p")));
        assertThat(built.queryTimeout()).isEqualTo(Duration.ofMillis(10));
        assertThat(built).isNotEqualTo(built.toBuilder().password("q").build());
    }

    @Test
    void hostsAddUpAndReplaceEachOther() {
        assertThat(builder().host("a,b").port(7).addHost("c", 8).build().hosts())
                .containsExactly(new Host("a", null, 7), new Host("b", null, 7), new Host("c", null, 8));
        assertThat(builder().host("a").addHost("c", 8).build().hosts())
                .containsExactly(new Host("a", null, 5432), new Host("c", null, 8));
        ConnectOptions withAddress = parse("host=h hostaddr=10.0.0.1");
        assertThat(withAddress.toBuilder().host("x", 1).build().hosts()).containsExactly(new Host("x", null, 1));
        assertThat(withAddress.toBuilder().addHost("x", 1).build().hosts())
                .containsExactly(new Host("h", "10.0.0.1", 5432), new Host("x", null, 1));
    }

    @Test
    void aPasswordSupplierIsAskedEachTime() {
        AtomicInteger calls = new AtomicInteger();
        ConnectOptions options = builder()
                .password("old")
                .password(() -> Secret.of("token" + calls.incrementAndGet()))
                .build();
        Host host = options.hosts().get(0);
        assertThat(calls).hasValue(0);
        assertThat(options.password(host)).isEqualTo(Secret.of("token1"));
        assertThat(options.toBuilder().build().password(host)).isEqualTo(Secret.of("token2"));
        assertThat(options.toString()).contains("password=***").doesNotContain("old");
        assertThat(options.toBuilder().password("fixed").build().password(host)).isEqualTo(Secret.of("fixed"));
        assertThat(options).isEqualTo(options.toBuilder().build());
    }

    @Test
    void filesToWriteComeFromABuilderOnly() {
        ConnectOptions options =
                builder().trace(Path.of("t")).sslKeyLogFile(Path.of("k")).build();
        assertThat(options.traceFile()).isEqualTo(Path.of("t"));
        assertThat(options.sslKeyLogFile()).isEqualTo(Path.of("k"));
        assertThat(options.toBuilder().build()).isEqualTo(options);
        assertThat(options).isNotEqualTo(builder().build());
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("trace=t"))
                .withMessageContaining("trace");
    }

    @Test
    void changingTheUserChangesADatabaseThatNobodyNamed() {
        assertThat(parse("user=a").toBuilder().user("b").build().dbname()).isEqualTo("b");
        assertThat(parse("user=a dbname=d").toBuilder().user("b").build().dbname())
                .isEqualTo("d");
    }

    @Test
    void resolvedOptionsDoNotAskTheEnvironmentAgain() {
        TestEnvironment environment = new TestEnvironment().with("PGAPPNAME", "first");
        ConnectOptions options = environment.parse("");
        assertThat(options.toBuilder().build()).isEqualTo(options);
        assertThat(parse(options.toString())).isEqualTo(options);
    }

    @Test
    void settersRefuseAtOnce() {
        ConnectOptionsBuilder builder = builder();
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> builder.channelBinding("x"));
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> builder.option("nonsense", "x"));
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> builder.parameter("USER", "x"));
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> builder.parameter("a b", "x"));
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> builder.user("a\0b"));
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> builder.queryTimeout(Duration.ofSeconds(-1)));
        assertThat(builder.build()).isEqualTo(parse(""));
    }

    @Test
    void keywordsShowValuesInEffectAndMaskSecrets() {
        assertThat(parse("host=a,b port=1,2 password=p sslpassword=q parameter.geqo=off")
                        .keywords())
                .containsEntry("host", "a,b")
                .containsEntry("port", "1,2")
                .containsEntry("user", "me")
                .containsEntry("dbname", "me")
                .containsEntry("sslmode", "prefer")
                .containsEntry("krbsrvname", "postgres")
                .containsEntry("password", "***")
                .containsEntry("sslpassword", "***")
                .containsEntry("parameter.geqo", "off")
                .doesNotContainKeys("service", "sslcert", "application_name");
    }

    @Test
    void textAndUriParseBackToEqualOptions() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2000; i++) {
            ConnectOptions options = anyOptions(random);
            assertThat(parse(options.toString())).as("%s", options).isEqualTo(options);
            assertThat(parse(options.toUri())).as("%s", options.toUri()).isEqualTo(options);
            assertThat(options.toBuilder().build()).isEqualTo(options);
        }
    }

    @Test
    void theKeyValueFormParsesBackWhateverTheValues() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2000; i++) {
            Map<String, String> pairs = random.ints(3, 0, 100)
                    .boxed()
                    .collect(Collectors.toMap(n -> "k" + n, n -> anyText(random), (a, b) -> a));
            Map<String, String> read = new HashMap<>();
            ConninfoText.parse(ConninfoText.print(pairs), read::put);
            assertThat(read).isEqualTo(pairs);
        }
    }

    private static ConnectOptions anyOptions(Random random) {
        ConnectOptionsBuilder builder = builder().user("u" + anyText(random)).dbname("d" + anyText(random));
        List<String> names = new ArrayList<>(List.of("h", "::1", "/var/run/x y", "10.0.0.1", "fe80::1%eth0", "größe"));
        for (int i = random.nextInt(4); i > 0; i--) {
            builder.addHost(names.remove(random.nextInt(names.size())), 1 + random.nextInt(65535));
        }
        if (random.nextBoolean()) {
            builder.password("***");
        }
        if (random.nextBoolean()) {
            builder.applicationName(anyText(random)).parameter("search_path", anyText(random));
        }
        if (random.nextBoolean()) {
            builder.option("sslcert", anyText(random))
                    .sslMode(random.nextBoolean() ? SslMode.DISABLE : SslMode.VERIFY_CA);
        }
        if (random.nextBoolean()) {
            builder.queryTimeout(Duration.ofNanos(random.nextLong(1L << 60)));
        }
        return builder.build();
    }

    private static String anyText(Random random) {
        String alphabet = "ab '\\=&?%/:@,+#[]\t\n*é漢";
        return random.ints(random.nextInt(8), 0, alphabet.length())
                .mapToObj(n -> alphabet.substring(n, n + 1))
                .collect(Collectors.joining());
    }
}
