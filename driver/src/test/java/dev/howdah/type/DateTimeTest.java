package dev.howdah.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.session.ValueBytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DateTimeTest {

    private final TypeRegistry registry = TypeRegistry.global();

    private <T> T read(int oid, String text, Class<T> target) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return registry.decode(oid, false, bytes, 0, bytes.length, target);
    }

    private String write(int oid, Object value) {
        byte[] bytes = ValueBytes.of(registry.encoder(oid), value);
        return registry.decode(oid, true, bytes, 0, bytes.length, String.class);
    }

    @Test
    void aTimestamptzIsTheSameInstantWhateverTheSessionsZone() {
        String text = "2024-01-02 03:04:05.678+05:30:15";
        OffsetDateTime utc = OffsetDateTime.of(2024, 1, 1, 21, 33, 50, 678_000_000, ZoneOffset.UTC);
        assertThat(read(BuiltinTypes.TIMESTAMPTZ, text, OffsetDateTime.class)).isEqualTo(utc);
        assertThat(read(BuiltinTypes.TIMESTAMPTZ, text, OffsetDateTime.class).getOffset())
                .isEqualTo(ZoneOffset.UTC);
        assertThat(read(BuiltinTypes.TIMESTAMPTZ, text, Instant.class)).isEqualTo(utc.toInstant());
        assertThat(read(BuiltinTypes.TIMESTAMPTZ, "0044-03-15 00:00:00-05 BC", Instant.class))
                .isEqualTo(Instant.parse("-0043-03-15T05:00:00Z"));
        ZonedDateTime berlin = utc.atZoneSameInstant(ZoneId.of("Europe/Berlin"));
        assertThat(write(BuiltinTypes.TIMESTAMPTZ, berlin)).isEqualTo("2024-01-01 21:33:50.678+00");
    }

    @Test
    void infinitiesAreMaxAndMinOfEachClass() {
        assertThat(read(BuiltinTypes.DATE, "infinity", LocalDate.class)).isEqualTo(LocalDate.MAX);
        assertThat(read(BuiltinTypes.TIMESTAMP, "-infinity", LocalDateTime.class))
                .isEqualTo(LocalDateTime.MIN);
        assertThat(read(BuiltinTypes.TIMESTAMPTZ, "infinity", Instant.class)).isEqualTo(Instant.MAX);
        assertThat(write(BuiltinTypes.TIMESTAMPTZ, OffsetDateTime.MIN)).isEqualTo("-infinity");
        assertThat(write(BuiltinTypes.TIMESTAMPTZ, Instant.MAX)).isEqualTo("infinity");
        assertThat(write(BuiltinTypes.TIMESTAMPTZ, OffsetDateTime.MAX.toZonedDateTime()))
                .isEqualTo("infinity");
    }

    @Test
    void finerThanMicrosecondsIsRoundedHalfUp() {
        LocalDateTime time = LocalDateTime.of(2024, 1, 2, 3, 4, 5);
        assertThat(write(BuiltinTypes.TIMESTAMP, time.withNano(1_499))).isEqualTo("2024-01-02 03:04:05.000001");
        assertThat(write(BuiltinTypes.TIMESTAMP, time.withNano(1_500))).isEqualTo("2024-01-02 03:04:05.000002");
        assertThat(write(BuiltinTypes.TIMESTAMP, time.withNano(999_999_500))).isEqualTo("2024-01-02 03:04:06");
        assertThat(write(BuiltinTypes.TIMESTAMPTZ, Instant.ofEpochSecond(-1, 999_999_999)))
                .isEqualTo("1970-01-01 00:00:00+00");
        assertThat(write(BuiltinTypes.TIME, LocalTime.MAX)).isEqualTo("23:59:59.999999");
    }

    @Test
    void whatPostgresCannotHoldIsRefused() {
        for (Object value : new Object[] {
            LocalDateTime.of(294277, 1, 1, 0, 0),
            LocalDateTime.of(294276, 12, 31, 23, 59, 59, 999_999_999),
            LocalDateTime.of(-4713, 11, 23, 23, 59),
            LocalDateTime.MAX.minusNanos(1)
        }) {
            assertThatThrownBy(() -> write(BuiltinTypes.TIMESTAMP, value))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("294276");
        }
        assertThatThrownBy(() -> write(BuiltinTypes.DATE, LocalDate.of(5874898, 1, 1)))
                .isInstanceOf(ConversionException.class);
        assertThatThrownBy(() -> write(BuiltinTypes.TIMETZ, OffsetTime.of(LocalTime.NOON, ZoneOffset.ofHours(16))))
                .isInstanceOf(ConversionException.class);
    }

    @Test
    void timestampsWithAndWithoutZoneAreNotMixedUp() {
        assertThatThrownBy(() -> write(BuiltinTypes.TIMESTAMPTZ, LocalDateTime.MIN))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("OffsetDateTime");
        assertThatThrownBy(() -> write(BuiltinTypes.TIMESTAMP, Instant.EPOCH))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("LocalDateTime");
        assertThatThrownBy(() -> read(BuiltinTypes.TIMESTAMP, "2024-01-01 00:00:00", Instant.class))
                .isInstanceOf(ConversionException.class);
    }

    @Test
    void twentyFourHoursAreADurationAndNoLocalTime() {
        assertThatThrownBy(() -> read(BuiltinTypes.TIME, "24:00:00", LocalTime.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("Duration");
        assertThat(read(BuiltinTypes.TIME, "24:00:00", Duration.class)).isEqualTo(Duration.ofDays(1));
        assertThatThrownBy(() -> read(BuiltinTypes.TIMETZ, "24:00:00+01", OffsetTime.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("String");
        byte[] binary = ValueBytes.of(new TimeTzCodec(), new TimeTz(PgTime.MICROS_PER_DAY, 3600));
        assertThat(registry.decode(BuiltinTypes.TIMETZ, true, binary, 0, binary.length, String.class))
                .isEqualTo("24:00:00+01");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1082|01/02/2024",
                "1082|02.01.2024",
                "1082|01-02-2024",
                "1082|2024-13-01",
                "1082|2024-01-02 x",
                "1114|Tue Jan 02 03:04:05 2024",
                "1114|2024-01-02",
                "1114|2024-01-02 03:04:60",
                "1184|2024-01-02 03:04:05",
                "1184|2024-01-02 03:04:05 PST",
                "1083|3:04"
            })
    void otherDateStylesAreRefusedNamingTheSetting(int oid, String text) {
        assertThatThrownBy(() -> read(oid, text, Object.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("DateStyle");
    }

    @Test
    void randomPointsInTimeReadBackFromBothForms() {
        Random random = new Random(20260105);
        for (int i = 0; i < 20_000; i++) {
            long micros = random.nextLong(-211_813_488_000_000_000L, 9_223_371_331_200_000_000L);
            LocalDateTime time = PgTime.timestamp(i % 2 == 0 ? micros : micros % 1_000_000_000_000_000L);
            assertThat(read(BuiltinTypes.TIMESTAMP, write(BuiltinTypes.TIMESTAMP, time), LocalDateTime.class))
                    .isEqualTo(time);
            OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
            assertThat(read(BuiltinTypes.TIMESTAMPTZ, write(BuiltinTypes.TIMESTAMPTZ, utc), OffsetDateTime.class))
                    .isEqualTo(utc);
            LocalDate date = PgTime.date(random.nextInt(PgTime.FIRST_DAY, PgTime.LAST_DAY + 1));
            assertThat(read(BuiltinTypes.DATE, write(BuiltinTypes.DATE, date), LocalDate.class))
                    .isEqualTo(date);
        }
    }
}
