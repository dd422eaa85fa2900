package dev.howdah.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class BuiltinTypesTest {

    @Test
    void tableAgreesWithTheCatalogItWasGeneratedFrom() throws IOException {
        assertThat(Files.readString(BuiltinTypesGenerator.OUTPUT)).isEqualTo(BuiltinTypesGenerator.generate());
    }

    @Test
    void arraysKnowTheirElementsAndElementsTheirArrays() {
        for (PgType type : BuiltinTypes.all()) {
            if (type.kind() == PgType.Kind.ARRAY) {
                PgType element = BuiltinTypes.find(type.elementOid());
                assertThat(element).as(type.name()).isNotNull();
                assertThat(element.arrayOid()).isEqualTo(type.oid());
            }
        }
        assertThat(BuiltinTypes.find(BuiltinTypes.INT2VECTOR).kind()).isEqualTo(PgType.Kind.BASE);
        assertThat(BuiltinTypes.find(BuiltinTypes.BOX).delimiter()).isEqualTo(';');
    }

    @Test
    void arraysAreNamedAsInSql() {
        assertThat(BuiltinTypes.find(BuiltinTypes.INT4_ARRAY).displayName()).isEqualTo("int4[]");
        assertThat(PgType.of(1, "public", "mood", PgType.Kind.ENUM, 2).displayName())
                .isEqualTo("public.mood");
    }
}
