package dev.howdah;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.UndefinedObjectException;
import dev.howdah.error.UniqueViolationException;
import dev.howdah.largeobject.LargeObject;
import dev.howdah.largeobject.LargeObjectMode;
import dev.howdah.largeobject.Whence;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Large objects that are open: reading, writing, moving, and what is refused before it fails the transaction. */
class LargeObjectIT extends DriverContract {

    private static final int MEGA = 1 << 20;

    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Fails unless the transaction goes on. */
    private void assertGoesOn() {
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
    }

    @Test
    void whatIsWrittenIsRead() {
        byte[] bytes = "Large binary data here...".getBytes(UTF_8);
        try (Transaction tx = db.begin()) {
            long oid;
            try (LargeObject object = db.createLargeObject()) {
                assertThat(object.mode()).isEqualTo(LargeObjectMode.WRITE);
                assertThat(object.write(bytes)).isEqualTo(bytes.length);
                assertThat(object.tell()).isEqualTo(bytes.length);
                oid = object.oid();
            }
            try (LargeObject object = db.largeObject(oid, LargeObjectMode.READ)) {
                assertThat(object.oid()).isEqualTo(oid);
                assertThat(object.isOpen()).isTrue();
                assertThat(object.read()).isEqualTo(bytes);
                assertThat(object.read()).isEmpty();
                assertThat(object.read(5)).isEmpty();
                assertThat(object.read(ByteBuffer.allocate(5))).isEqualTo(-1);
                object.unlink();
                assertThat(object.isOpen()).isFalse();
            }
            assertThat(db.largeObjects().exists(oid)).isFalse();
            tx.commit();
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1000", "7,10000", "2048,300000", "65536,2500000", "65537,2500000", "4194304,5000001"})
    void allSizesOfPiecesMakeTheSame(int piece, int total) {
        byte[] bytes = random(total, piece);
        try (Transaction tx = db.begin()) {
            long oid;
            try (LargeObject object = db.createLargeObject()) {
                for (int at = 0; at < total; at += piece) {
                    object.write(ByteBuffer.wrap(bytes, at, Math.min(piece, total - at)));
                }
                assertThat(object.tell()).isEqualTo(total);
                assertThat(object.size()).isEqualTo(total);
                oid = object.oid();
            }
            for (LargeObjectMode mode : LargeObjectMode.values()) {
                ByteBuffer read = ByteBuffer.allocateDirect(total + 10);
                try (LargeObject object = db.largeObject(oid, mode)) {
                    while (read.position() < total) {
                        int before = read.position();
                        read.limit(Math.min(read.capacity(), before + piece));
                        assertThat(object.read(read)).isEqualTo(Math.min(piece, total - before));
                        assertThat(object.tell()).isEqualTo(read.position());
                        read.limit(read.capacity());
                    }
                    assertThat(object.read(read)).isEqualTo(-1);
                }
                assertThat(read.flip()).isEqualTo(ByteBuffer.wrap(bytes));
            }
            tx.commit();
        }
    }

    @Test
    void seeksAndReadsAndWritesInAnyOrderSeeOnePosition() {
        Random random = new Random(42);
        byte[] model = new byte[3 * MEGA];
        int size = 0;
        try (Transaction tx = db.begin();
                LargeObject object = db.createLargeObject()) {
            int at = 0;
            for (int i = 0; i < place.amount(1500, 300); i++) {
                int count = random.nextInt(random.nextInt(10) == 0 ? 300_000 : 3_000);
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        byte[] bytes = random(Math.min(count, model.length - at), i);
                        object.write(bytes);
                        System.arraycopy(bytes, 0, model, at, bytes.length);
                        at += bytes.length;
                        size = bytes.length == 0 ? size : Math.max(size, at);
                    }
                    case 2 -> {
                        byte[] read = object.read(count);
                        assertThat(read)
                                .isEqualTo(Arrays.copyOfRange(model, at, Math.max(at, Math.min(size, at + count))));
                        at += read.length;
                    }
                    case 3 -> {
                        at = random.nextInt(Math.min(model.length, size + 1000));
                        assertThat(object.seek(at, Whence.START)).isEqualTo(at);
                    }
                    case 4 -> assertThat(object.size()).isEqualTo(size);
                    default -> {
                        int to = Math.max(0, at - count);
                        assertThat(object.seek(to - at, Whence.CURRENT)).isEqualTo(to);
                        at = to;
                    }
                }
                assertThat(object.tell()).isEqualTo(at);
            }
            object.position(0);
            assertThat(object.read()).isEqualTo(Arrays.copyOf(model, size));
            tx.commit();
        }
    }

    @Test
    void forwardAndBackwardWhileItIsReadAhead() {
        byte[] bytes = random(4 * MEGA, 1);
        long oid = db.largeObjects().store(bytes);
        Random random = new Random(7);
        try (Transaction tx = db.begin();
                LargeObject object = db.largeObject(oid, LargeObjectMode.READ)) {
            int at = 0;
            for (int i = 0; i < place.amount(500, 100); i++) {
                int count = random.nextInt(100_000);
                assertThat(object.read(count))
                        .isEqualTo(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + count)));
                at = Math.min(bytes.length, at + count);
                if (random.nextInt(4) == 0) {
                    at = Math.max(0, Math.min(bytes.length, at + random.nextInt(200_000) - 50_000));
                    object.position(at);
                }
                if (at == bytes.length) {
                    assertThat(object.read(1)).isEmpty();
                    at = 0;
                    object.seek(0);
                }
                if (random.nextInt(20) == 0) {
                    assertThat(object.size()).isEqualTo(bytes.length);
                    assertGoesOn();
                }
            }
            tx.commit();
        }
        db.largeObjects().unlink(oid);
    }

    @Test
    void severalAreOpenAtOnceAndStatementsRunBetween() {
        byte[] bytes = random(2 * MEGA + 5, 3);
        long oid = db.largeObjects().store(bytes);
        try (Transaction tx = db.begin();
                LargeObject from = db.largeObject(oid, LargeObjectMode.READ);
                LargeObject to = db.createLargeObject();
                LargeObject other = db.createLargeObject()) {
            for (byte[] piece = from.read(50_001); piece.length > 0; piece = from.read(50_001)) {
                to.write(piece);
                other.write(piece);
                assertGoesOn();
            }
            to.position(0);
            assertThat(to.read()).isEqualTo(bytes);
            other.seek(0, Whence.START);
            assertThat(other.read()).isEqualTo(bytes);
            to.unlink();
            other.unlink();
            from.unlink();
            tx.commit();
        }
    }

    @Test
    void behindTheEndIsNothingAndWritingFillsWithZeros() {
        try (Transaction tx = db.begin();
                LargeObject object = db.createLargeObject()) {
            object.write(new byte[] {1});
            assertThat(object.seek(10, Whence.END)).isEqualTo(11);
            assertThat(object.read()).isEmpty();
            assertThat(object.read(10)).isEmpty();
            assertThat(object.tell()).isEqualTo(11);
            object.write(new byte[] {2});
            object.position(0);
            assertThat(object.read()).containsExactly(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
            object.unlink();
            tx.commit();
        }
    }

    @Test
    void truncateCutsOffAndResizeMakesLongerToo() {
        try (Transaction tx = db.begin();
                LargeObject object = db.createLargeObject()) {
            object.write("0123456789".getBytes(UTF_8));
            object.truncate(20);
            assertThat(object.size()).isEqualTo(10);
            object.truncate(4);
            assertThat(object.size()).isEqualTo(4);
            assertThat(object.tell()).isEqualTo(4);
            object.resize(6);
            assertThat(object.tell()).isEqualTo(4);
            object.position(2);
            assertThat(object.read()).containsExactly('2', '3', 0, 0);
            object.resize(1);
            assertThat(object.tell()).isEqualTo(6);
            object.truncate();
            assertThat(object.size()).isZero();
            assertThat(object.tell()).isZero();
            object.unlink();
            tx.commit();
        }
    }

    @Test
    void whatIsWrongIsRefusedBeforeItFailsTheTransaction() {
        try (Transaction tx = db.begin()) {
            LargeObject object = db.createLargeObject();
            assertThatThrownBy(() -> object.seek(-1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("-1");
            assertThatThrownBy(() -> object.seek(-5, Whence.END)).hasMessageContaining("-5");
            assertThatThrownBy(() -> object.seek(Long.MIN_VALUE, Whence.CURRENT))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> object.seek(Long.MAX_VALUE, Whence.CURRENT))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> object.truncate(-1)).hasMessageContaining("-1");
            assertThatThrownBy(() -> object.resize(LargeObject.MAX_SIZE + 1)).hasMessageContaining("4398046509057");
            assertThatThrownBy(() -> object.read(-2)).hasMessageContaining("-2");
            assertThatThrownBy(() -> object.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(object.read(ByteBuffer.allocate(0))).isZero();
            assertThat(object.read(0)).isEmpty();
            object.unlink();
            LargeObject read = db.largeObject(db.largeObjects().create(), LargeObjectMode.READ);
            assertThatThrownBy(() -> read.write(new byte[1]))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("READ_WRITE");
            assertThatThrownBy(() -> read.truncate(0)).isInstanceOf(IllegalStateException.class);
            read.unlink();
            assertThatThrownBy(() -> read.read(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has been closed");
            assertGoesOn();
            tx.commit();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 4_294_967_296L, Long.MAX_VALUE, Long.MIN_VALUE})
    void anOidThatIsNoneIsNamed(long oid) {
        assertThatThrownBy(() -> db.largeObject(oid, LargeObjectMode.READ))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(oid));
        assertThatThrownBy(() -> db.createLargeObject(oid)).hasMessageContaining(String.valueOf(oid));
        assertThatThrownBy(() -> db.largeObjects().read(oid)).hasMessageContaining(String.valueOf(oid));
    }

    @Test
    void theLargestOidIsOne() {
        long oid = 4_294_967_295L;
        try (Transaction tx = db.begin()) {
            try (LargeObject object = db.createLargeObject(oid)) {
                assertThat(object.oid()).isEqualTo(oid);
                object.write(new byte[] {1, 2});
            }
            assertThat(db.largeObjects().read(oid)).containsExactly(1, 2);
            assertThatThrownBy(() -> db.createLargeObject(oid)).isInstanceOf(UniqueViolationException.class);
            tx.rollback();
        }
        assertThatThrownBy(() -> db.largeObjects().read(oid)).isInstanceOf(UndefinedObjectException.class);
    }

    @Test
    void limitsAtTwoAndFourTebibytes() {
        try (Transaction tx = db.begin();
                LargeObject object = db.createLargeObject()) {
            for (long place :
                    new long[] {(1L << 31) - 1, 1L << 31, 1L << 32, (1L << 41) - 1, 1L << 41, LargeObject.MAX_SIZE - 1
                    }) {
                assertThat(object.seek(place)).isEqualTo(place);
                object.write(new byte[] {7});
                assertThat(object.tell()).isEqualTo(place + 1);
                assertThat(object.size()).isEqualTo(place + 1);
                object.seek(-3, Whence.CURRENT);
                assertThat(object.read(10)).containsExactly(0, place == 1L << 31 || place == 1L << 41 ? 7 : 0, 7);
            }
            assertThat(object.seek(LargeObject.MAX_SIZE)).isEqualTo(4_398_046_509_056L);
            assertThat(object.read(1)).isEmpty();
            assertThatThrownBy(() -> object.write(new byte[1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("4398046509056");
            assertThatThrownBy(() -> object.seek(LargeObject.MAX_SIZE + 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> object.seek(1, Whence.END)).isInstanceOf(IllegalArgumentException.class);
            object.resize(1L << 41);
            assertThat(object.size()).isEqualTo(1L << 41);
            object.resize(LargeObject.MAX_SIZE);
            assertThat(object.size()).isEqualTo(LargeObject.MAX_SIZE);
            object.unlink();
            tx.commit();
        }
    }
}
