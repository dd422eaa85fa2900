package dev.howdah.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;

@ExtendWith(PostgresExtension.class)
class PostgresExtensionIT {

    private TestDatabase before;

    @BeforeEach
    void prepare(TestDatabase db) {
        before = db;
    }

    @Test
    void aTestAndWhatPreparesItGetTheSameDatabase(TestDatabase db, PostgresServer server) {
        assertThat(db).isSameAs(before);
        assertThat(db.server()).isSameAs(server).isSameAs(SharedServers.get());
        db.execute("create table only_here (x int)");
    }

    @Test
    void anotherTestGetsAnotherDatabase(TestDatabase db, @PerClass TestDatabase ofTheClass) {
        assertThat(db.execute("select count(*) from pg_class where relname = 'only_here'"))
                .isEqualTo(List.of(List.of("0")));
        assertThat(ofTheClass).isNotSameAs(db);
    }

    @Test
    @PostgresVersion(16)
    void theVersionIsThatOfTheAnnotation(TestDatabase db, @PostgresVersion(17) PostgresServer other) {
        assertThat(db.server().version()).isEqualTo(16);
        assertThat(other.version()).isEqualTo(17);
    }

    @ParameterizedTest
    @PostgresVersions(from = 15)
    void aVersionIsATestParameter(TestDatabase db) {
        assertThat(db.execute("show server_version_num").get(0).get(0))
                .startsWith(Integer.toString(db.server().version()));
    }

    @ParameterizedTest
    @PostgresVersions
    void everyRoleIsThereAndEveryHbaLineIsUnderstood(PostgresServer server) {
        assertThat(server.execute("select line_number, error from pg_hba_file_rules where error is not null"))
                .isEmpty();
        assertThat(server.execute("select count(*) from pg_roles where rolname like 'app\\_%' and rolcanlogin"))
                .isEqualTo(List.of(List.of("8")));
        assertThat(server.execute("select left(rolpassword, 3) from pg_authid where rolname = 'app_md5'"))
                .isEqualTo(List.of(List.of("md5")));
        try (TestDatabase db = server.createDatabase();
                AdminSession trusted = AdminSession.connect(server.socketFile(), Roles.TRUST.name(), db.name())) {
            trusted.execute("create table may_create (x int)");
        }
    }

    @ParameterizedTest
    @PostgresVersions
    void aVersionIsANumberToo(int version) {
        assertThat(SharedServers.get(version).version()).isEqualTo(version);
    }

    @Test
    void aSharedServerCannotBeStopped(PostgresServer server) {
        assertThatThrownBy(server::stop).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(server::crash).isInstanceOf(IllegalStateException.class);
        server.close();
        assertThat(server.isRunning()).isTrue();
    }
}
