package dev.howdah.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTest {

    /** The rows are what PostgreSQL 18 printed under each IntervalStyle, with the binary form of the same value. */
    @TestFactory
    Stream<DynamicTest> everyStyleOfPostgresIsReadExactly() throws IOException {
        return Files.readAllLines(Path.of("src/test/data/intervals.tsv")).stream()
                .map(line -> {
                    String[] f = line.split("\t", -1);
                    byte[] binary = HexFormat.of().parseHex(f[2]);
                    return dynamicTest(f[0] + " " + f[1], () -> {
                        Interval expected = new IntervalCodec().decodeBinary(binary, 0, binary.length);
                        assertThat(Interval.parse(f[1])).isEqualTo(expected);
                        if (f[0].equals("postgres")) {
                            assertThat(expected.toPostgres()).isEqualTo(f[1]);
                        } else if (f[0].equals("iso_8601")) {
                            assertThat(expected).hasToString(f[1]);
                        }
                    });
                });
    }

    @Test
    void bothTextFormsOfRandomIntervalsReadBackTheSame() {
        Random random = new Random(20260101);
        for (int i = 0; i < 20_000; i++) {
            Interval interval = new Interval(
                    random.nextInt() >> random.nextInt(32),
                    random.nextInt() >> random.nextInt(32),
                    random.nextLong() >> random.nextInt(64));
            assertThat(Interval.parse(interval.toPostgres())).isEqualTo(interval);
            assertThat(Interval.parse(interval.toString())).isEqualTo(interval);
        }
        Interval extreme = new Interval(1, Integer.MIN_VALUE, Long.MIN_VALUE);
        assertThat(Interval.parse(extreme.toPostgres())).isEqualTo(extreme);
        assertThat(Interval.parse(extreme.toString())).isEqualTo(extreme);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "P", "PT", "P1", "1 fortnight", "1", "a:b:c", "1:2", "@", "P1Y2Z", "PT1.1234567S", "ago"})
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> Interval.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void becomesADurationOnlyIfItsLengthIsFixed() {
        assertThat(new Interval(0, 0, 1_500_000).toDuration()).isEqualTo(Duration.ofMillis(1500));
        assertThatThrownBy(() -> new Interval(0, 1, 0).toDuration()).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(Interval.INFINITY::toDuration).isInstanceOf(ArithmeticException.class);
        assertThat(new Interval(14, 3, 0).toPeriod()).isEqualTo(Period.of(1, 2, 3));
        assertThatThrownBy(() -> new Interval(0, 0, 1).toPeriod()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void isMadeOfPeriodAndDuration() {
        assertThat(Interval.of(Period.of(1, 2, -3))).isEqualTo(new Interval(14, -3, 0));
        assertThat(Interval.of(Duration.ofNanos(-1500))).isEqualTo(new Interval(0, 0, -1));
        assertThat(Interval.of(Duration.ofNanos(1500))).isEqualTo(new Interval(0, 0, 2));
        assertThat(Interval.of(Duration.ofHours(-30))).isEqualTo(new Interval(0, 0, -108_000_000_000L));
        assertThat(Interval.of(Duration.ofSeconds(-9_223_372_036_855L, 224_192_000)))
                .isEqualTo(new Interval(0, 0, Long.MIN_VALUE));
    }
}
