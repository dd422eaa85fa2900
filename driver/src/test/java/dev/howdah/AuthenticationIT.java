package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.SqlState;
import dev.howdah.testkit.Certificates;
import dev.howdah.testkit.PostgresServer;
import dev.howdah.testkit.PostgresVersions;
import dev.howdah.testkit.Role;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/** Every way to prove who one is, over every transport, and what channel binding and certificates are good for. */
@Timeout(120)
class AuthenticationIT {

    private static final List<Role> ROLES = List.of(Roles.TRUST, Roles.PASSWORD, Roles.MD5, Roles.SCRAM);

    private static String method(Role role) {
        return role.equals(Roles.TRUST)
                ? "trust"
                : role.equals(Roles.PASSWORD) ? "password" : role.equals(Roles.MD5) ? "md5" : "SCRAM-SHA-256";
    }

    private static void assertConnects(String dsn, Role role, String method, boolean tls) {
        try (PgConnection db = Howdah.connect(dsn)) {
            assertThat(db.info().authenticationMethod()).isEqualTo(method);
            assertThat(db.info().usedPassword()).isEqualTo(role.password() != null);
            assertThat(db.info().sslInUse()).isEqualTo(tls);
            assertThat(db.queryValue("select current_user::text", String.class)).isEqualTo(role.name());
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void everyMethodWorksOverTcp(TestDatabase db) {
        for (Role role : ROLES) {
            assertConnects(db.dsn(role) + " sslmode=disable", role, method(role), false);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void everyMethodWorksOverTlsAndScramIsBoundToIt(TestDatabase db) {
        for (Role role : ROLES) {
            String method = role.equals(Roles.SCRAM) ? "SCRAM-SHA-256-PLUS" : method(role);
            assertConnects(db.dsn(role) + " sslmode=require", role, method, true);
        }
        assertConnects(
                db.dsn(Roles.SCRAM) + " sslmode=require channel_binding=disable", Roles.SCRAM, "SCRAM-SHA-256", true);
        assertConnects(
                db.dsn(Roles.SCRAM) + " sslmode=require channel_binding=require",
                Roles.SCRAM,
                "SCRAM-SHA-256-PLUS",
                true);
    }

    @ParameterizedTest
    @PostgresVersions
    void everyMethodWorksOverAUnixSocket(TestDatabase db) {
        for (Role role : ROLES) {
            assertConnects(db.server().socketDsn(db.name(), role), role, method(role), false);
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void preferFindsTheWayThatTheServerAllows(TestDatabase db) {
        assertConnects(db.dsn(Roles.TLS_ONLY) + " sslmode=allow", Roles.TLS_ONLY, "SCRAM-SHA-256-PLUS", true);
        assertConnects(db.dsn(Roles.NO_TLS) + " sslmode=prefer", Roles.NO_TLS, "SCRAM-SHA-256", false);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String dsn) {
        return assertThatThrownBy(() -> Howdah.connect(dsn).close()).isInstanceOf(ConnectFailedException.class);
    }

    @ParameterizedTest
    @PostgresVersions
    void aWrongPasswordIsRefusedAndSafelyNotTriedAgain(TestDatabase db) {
        for (Role role : List.of(Roles.PASSWORD, Roles.MD5, Roles.SCRAM)) {
            String dsn = db.dsn(new Role(role.name(), "not this one"));
            assertRefused(dsn).satisfies(e -> {
                ConnectFailedException failure = (ConnectFailedException) e;
                assertThat(failure.sqlState()).isEqualTo(SqlState.INVALID_PASSWORD);
                assertThat(failure.isSafeToRetry()).isFalse();
                assertThat(failure.attempts()).hasSize(1);
            });
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aMissingPasswordIsSaidToBeMissing(TestDatabase db) {
        assertRefused(db.dsn(new Role(Roles.SCRAM.name(), null)) + " passfile=/nonexistent")
                .hasMessageContaining("password");
    }

    @ParameterizedTest
    @PostgresVersions
    void requiredChannelBindingIsRefusedWhereThereIsNone(TestDatabase db) {
        assertThatThrownBy(() -> Howdah.connect(db.dsn(Roles.SCRAM) + " sslmode=disable channel_binding=require"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("channel_binding");
        assertRefused(db.dsn(Roles.NO_TLS) + " sslmode=allow channel_binding=require")
                .hasMessageContaining("channel_binding");
        for (Role role : List.of(Roles.TRUST, Roles.PASSWORD, Roles.MD5)) {
            assertRefused(db.dsn(role) + " sslmode=require channel_binding=require")
                    .hasMessageContaining("channel_binding");
        }
    }

    private static String verifying(PostgresServer server, String mode) {
        return server.dsn("postgres", Roles.SCRAM) + " sslmode=" + mode + " sslrootcert="
                + server.certificates().ca();
    }

    @Test
    void certificatesAreVerifiedAsFarAsTheModeSays() {
        try (PostgresServer server =
                PostgresServer.builder().tls(Certificates.Kind.VALID).start()) {
            assertConnects(verifying(server, "verify-full"), Roles.SCRAM, "SCRAM-SHA-256-PLUS", true);
            assertConnects(
                    verifying(server, "verify-full").replace("host=127.0.0.1", "host=localhost"),
                    Roles.SCRAM,
                    "SCRAM-SHA-256-PLUS",
                    true);
            for (Certificates.Kind kind : List.of(
                    Certificates.Kind.INTERMEDIATE,
                    Certificates.Kind.SHA384,
                    Certificates.Kind.SHA512,
                    Certificates.Kind.EC)) {
                server.changeTls(kind);
                assertConnects(verifying(server, "verify-full"), Roles.SCRAM, "SCRAM-SHA-256-PLUS", true);
            }

            server.changeTls(Certificates.Kind.WRONG_HOST);
            assertRefused(verifying(server, "verify-full")).hasMessageContaining("127.0.0.1");
            assertConnects(verifying(server, "verify-ca"), Roles.SCRAM, "SCRAM-SHA-256-PLUS", true);

            server.changeTls(Certificates.Kind.EXPIRED);
            assertRefused(verifying(server, "verify-full")).message().matches("(?s).*(?i:expired|NotAfter|validity).*");
            assertRefused(verifying(server, "verify-ca"));

            for (Certificates.Kind kind : List.of(Certificates.Kind.OTHER_CA, Certificates.Kind.SELF_SIGNED)) {
                server.changeTls(kind);
                assertRefused(verifying(server, "verify-full")).hasMessageContaining("authority");
                assertRefused(verifying(server, "verify-ca")).hasMessageContaining("authority");
                assertRefused(verifying(server, "require")).hasMessageContaining("authority");
                assertConnects(
                        server.dsn("postgres", Roles.SCRAM) + " sslmode=require",
                        Roles.SCRAM,
                        "SCRAM-SHA-256-PLUS",
                        true);
            }
        }
    }

    /** Its signature names no hash, so there is nothing to bind to: RFC 5929 does not say what to do, libpq goes without. */
    @Test
    void anEd25519CertificateConnectsWithoutChannelBindingUnlessThatIsRequired() {
        try (PostgresServer server =
                PostgresServer.builder().tls(Certificates.Kind.ED25519).start()) {
            try (PgConnection db = Howdah.connect(verifying(server, "verify-full") + " channel_binding=prefer")) {
                assertThat(db.info().sslInUse()).isTrue();
                assertThat(db.info().authenticationMethod()).isEqualTo("SCRAM-SHA-256");
            }
            assertRefused(verifying(server, "verify-full") + " channel_binding=require")
                    .hasMessageContaining("channel_binding");
        }
    }

    @Test
    void aServerWithoutTlsIsRefusedWhereTlsIsRequired() {
        try (PostgresServer server = PostgresServer.builder().withoutTls().start()) {
            assertRefused(server.dsn("postgres", Roles.SCRAM) + " sslmode=require")
                    .hasMessageContaining("TLS is required");
            assertConnects(
                    server.dsn("postgres", Roles.SCRAM) + " sslmode=prefer", Roles.SCRAM, "SCRAM-SHA-256", false);
        }
    }
}
