package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.PgException;
import dev.howdah.error.ServerException;
import dev.howdah.testkit.PostgresExtension;
import dev.howdah.testkit.Roles;
import dev.howdah.testkit.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The longest values: a hundred megabytes always, a gigabyte where there is the heap for it. */
@ExtendWith(PostgresExtension.class)
@Timeout(600)
class GigabyteIT {

    private static final int MIB = 1024 * 1024;
    /** The longest array that the server itself can hold: a gigabyte but for one byte, and the value's own header. */
    private static final int LONGEST_VALUE = 0x3fff_ffff - 4;
    /** The longest message that it reads, less what a Bind says beside the value (the statement's name included). */
    private static final int LONGEST_PARAMETER = 0x3fff_ffff - 64;
    /** The longest row that it sends, less the count of columns and the length of the value. */
    private static final int LONGEST_RESULT = 0x3fff_ffff - 16;

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 >>> 3);
        }
        return bytes;
    }

    private static void assertGoesThere(PgConnection db, int length) {
        byte[] sent = pattern(length);
        int sum = db.queryValue(
                "select length($1::bytea) + get_byte($1, 0) + get_byte($1, length($1) - 1)", Integer.class, (Object)
                        sent);
        assertThat(sum).isEqualTo(length + (sent[0] & 0xff) + (sent[length - 1] & 0xff));
    }

    private static void assertComesBack(PgConnection db, int length) {
        byte[] received = db.queryValue("select convert_to(repeat('x', $1), 'UTF8')", byte[].class, length);
        assertThat(received.length).isEqualTo(length);
        assertThat(received[0]).isEqualTo((byte) 'x');
        assertThat(received[length - 1]).isEqualTo((byte) 'x');
    }

    @Test
    void aHundredMegabytesGoThereAndComeBack(TestDatabase database) {
        for (String dsn : List.of(
                database.dsn(Roles.TRUST) + " sslmode=disable",
                database.dsn(Roles.TRUST) + " sslmode=require",
                database.server().socketDsn(database.name(), Roles.TRUST))) {
            try (PgConnection db = Howdah.connect(dsn)) {
                byte[] sent = pattern(100 * MIB);
                byte[] received = db.queryValue("select $1::bytea", byte[].class, (Object) sent);
                assertThat(java.util.Arrays.equals(sent, received)).isTrue();
                assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
            }
        }
    }

    @Test
    @Tag("soak")
    void theLongestParameterGoesThere(TestDatabase database) {
        try (PgConnection db = Howdah.connect(database.dsn(Roles.TRUST) + " sslmode=disable")) {
            assertGoesThere(db, LONGEST_PARAMETER);
            assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        }
    }

    @Test
    @Tag("soak")
    void theLongestResultComesBack(TestDatabase database) {
        try (PgConnection db = Howdah.connect(database.dsn(Roles.TRUST) + " sslmode=disable")) {
            assertComesBack(db, LONGEST_RESULT);
            assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        }
    }

    @Test
    @Tag("soak")
    void aValueThatIsTooLongIsAClearErrorAndTheConnectionIsUsableOrSaysThatItIsLost(TestDatabase database) {
        try (PgConnection db = Howdah.connect(database.dsn(Roles.TRUST) + " sslmode=disable")) {
            assertThatThrownBy(() -> db.queryValue(
                            "select convert_to(repeat('x', $1), 'UTF8')", byte[].class, LONGEST_VALUE + 1))
                    .isInstanceOf(ServerException.class);
            assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
            byte[] tooLong = new byte[0x4000_0000];
            assertThatThrownBy(() -> db.query("select $1::bytea", (Object) tooLong))
                    .isInstanceOf(PgException.class);
        }
    }
}
