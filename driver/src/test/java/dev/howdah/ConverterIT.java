package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ConversionException;
import dev.howdah.type.Range;
import dev.howdah.type.TypeRef;
import dev.howdah.type.TypeRegistry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Java classes that are read and sent by way of others. */
class ConverterIT extends DriverContract {

    record Email(String value) {
        Email {
            if (!value.contains("@")) {
                throw new IllegalArgumentException(value);
            }
        }
    }

    record Id(int value) implements Comparable<Id> {
        @Override
        public int compareTo(Id other) {
            return Integer.compare(value, other.value);
        }
    }

    record User(Id id, Email mail, Optional<Email> second, List<Email> more) {}

    sealed interface Shape permits Circle, Square {}

    record Circle(int radius) implements Shape {}

    record Square(int side) implements Shape {}

    private static final Email ANN = new Email("ann@x");

    @BeforeEach
    void register() {
        db.types().registerConverter(Email.class, String.class, Email::new, Email::value);
        db.types().registerConverter(Id.class, Integer.class, Id::new, Id::value);
    }

    @Test
    void aConverterServesColumnsAndParameters() {
        assertThat(db.queryValue("select $1::text", Email.class, ANN)).isEqualTo(ANN);
        assertThat(db.queryValue("select $1::varchar || ''", String.class, ANN)).isEqualTo("ann@x");
        assertThat(db.queryValue("select $1::int + 1", Id.class, new Id(1))).isEqualTo(new Id(2));
        assertThat(db.queryValue("select null::text", Email.class)).isNull();
        assertThat(db.script("select 'ann@x'").getFirst().rows().first().get(0, Email.class))
                .isEqualTo(ANN);
    }

    @Test
    void aConverterServesTextThatIsMadeOfAStatement() {
        assertThat(db.mogrify("select $1, $2, $3", ANN, new Id(3), List.of(ANN)))
                .isEqualTo("select 'ann@x', '3'::int4, '{ann@x}'");
    }

    @Test
    void aConverterServesWhateverTheSourceIsReadFrom() {
        assertThat(db.queryValue("select 5::int8", Id.class)).isEqualTo(new Id(5));
        assertThatThrownBy(() -> db.queryValue("select current_date", Id.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("date");
    }

    @Test
    void aConverterServesArraysOptionalsRangesAndRecords() {
        assertThat(db.queryValue("select $1::text[]", new TypeRef<List<Email>>() {}, List.of(ANN)))
                .containsExactly(ANN);
        assertThat(db.queryValue("select $1::text[]", Email[].class, (Object) new Email[] {ANN}))
                .containsExactly(ANN);
        assertThat(db.queryValue("select $1::text", new TypeRef<Optional<Email>>() {}, ANN))
                .contains(ANN);
        assertThat(db.queryValue(
                        "select $1::int4range", new TypeRef<Range<Id>>() {}, Range.closedOpen(new Id(1), new Id(3))))
                .isEqualTo(Range.closedOpen(new Id(1), new Id(3)));
        assertThat(db.query("select 1 as id, 'ann@x' as mail, null as second, array['ann@x'] as more")
                        .as(User.class))
                .containsExactly(new User(new Id(1), ANN, Optional.empty(), List.of(ANN)));
    }

    @Test
    void aConverterServesRowTypes() {
        db.execute("create type converter_user as (id int, mail text, second text, more text[])");
        try {
            User user = new User(new Id(1), ANN, Optional.of(ANN), List.of(ANN));
            assertThat(db.queryValue("select $1::converter_user", User.class, user))
                    .isEqualTo(user);
            assertThat(db.queryValue("select row(1, 'ann@x', null, '{}')::converter_user", User.class))
                    .isEqualTo(new User(new Id(1), ANN, Optional.empty(), List.of()));
        } finally {
            db.execute("drop type converter_user");
        }
    }

    @Test
    void aRecordWithAConverterTakesTheOnlyColumnButIsMadeOfSeveralByName() {
        assertThat(db.query("select 'ann@x' as anything").as(Email.class)).containsExactly(ANN);
        assertThat(db.query("select 'ann@x' as value, 1 as more").as(Email.class))
                .containsExactly(ANN);
        record Mailbox(Email mail) {}
        assertThatThrownBy(() -> db.query("select 'ann@x' as mail_value").as(Mailbox.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("no column mail");
    }

    @Test
    void convertersFollowEachOther() {
        record Contact(Email mail) {}
        db.types().registerConverter(Contact.class, Email.class, Contact::new, Contact::mail);
        assertThat(db.queryValue("select $1::text", Contact.class, new Contact(ANN)))
                .isEqualTo(new Contact(ANN));
    }

    @Test
    void convertersThatLeadInACircleAreRefused() {
        record One(String value) {}
        record Two(String value) {}
        db.types().registerConverter(One.class, Two.class, v -> new One(v.value), v -> new Two(v.value));
        db.types().registerConverter(Two.class, One.class, v -> new Two(v.value), v -> new One(v.value));
        assertThatThrownBy(() -> db.queryValue("select 'x'", One.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("lead back");
        assertThatThrownBy(() -> db.queryValue("select $1::text", String.class, new One("x")))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("circle");
    }

    @Test
    void aSealedInterfaceIsSentByTheConverterOfIt() {
        db.types()
                .registerConverter(
                        Shape.class,
                        String.class,
                        text -> text.startsWith("c")
                                ? new Circle(Integer.parseInt(text.substring(1)))
                                : new Square(Integer.parseInt(text.substring(1))),
                        shape -> switch (shape) {
                            case Circle circle -> "c" + circle.radius();
                            case Square square -> "s" + square.side();
                        });
        assertThat(db.queryValue("select $1::text", Shape.class, new Circle(2))).isEqualTo(new Circle(2));
        assertThat(db.queryValue("select $1::text[]", new TypeRef<List<Shape>>() {}, List.of(new Square(1))))
                .containsExactly(new Square(1));
    }

    @Test
    void whatAConverterThrowsIsTheCauseAndTheValueStaysOutOfTheMessage() {
        assertThatThrownBy(() -> db.queryValue("select 'secret'", Email.class))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("Email")
                .hasMessageNotContaining("secret")
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aConverterThatOnlyReadsSaysSoWhenAValueIsSent() {
        record Trimmed(String value) {}
        db.types().registerConverter(Trimmed.class, String.class, text -> new Trimmed(text.strip()));
        assertThat(db.queryValue("select ' a '", Trimmed.class)).isEqualTo(new Trimmed("a"));
        assertThatThrownBy(() -> db.queryValue("select $1::text", String.class, new Trimmed("a")))
                .isInstanceOf(ConversionException.class)
                .hasMessageContaining("only reads");
    }

    @Test
    void aConverterOfTheConnectionGoesBeforeOneOfTheProcessAndEachCanBeTakenBack() {
        record Word(String value) {}
        TypeRegistry global = TypeRegistry.global();
        global.registerConverter(Word.class, String.class, text -> new Word("global " + text));
        try {
            assertThat(db.queryValue("select 'a'", Word.class)).isEqualTo(new Word("global a"));
            db.types().registerConverter(Word.class, String.class, text -> new Word("own " + text));
            assertThat(db.queryValue("select 'a'", Word.class)).isEqualTo(new Word("own a"));
            db.types().unregisterConverter(Word.class);
            assertThat(db.queryValue("select 'a'", Word.class)).isEqualTo(new Word("global a"));
        } finally {
            global.unregisterConverter(Word.class);
        }
        assertThatThrownBy(() -> db.queryValue("select 'a'", Word.class)).isInstanceOf(ConversionException.class);
    }

    @Test
    void onlyClassesOfOnesOwnAreConverted() {
        assertThatThrownBy(() -> db.types().registerConverter(int.class, String.class, Integer::valueOf))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
