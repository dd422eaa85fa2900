package dev.howdah.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretTest {
    private static final Secret SESAME = Secret.of("sesame");

    @Test
    void printsAsThreeStarsWhateverItHolds() {
        assertThat(SESAME).hasToString("***");
        assertThat(Secret.of("")).hasToString("***");
        assertThat(List.of(SESAME).toString() + String.format("%s", SESAME)).doesNotContain("sesame");
    }

    @Test
    void givesItsTextToWhoAsks() {
        assertThat(SESAME.reveal()).isEqualTo("sesame");
        assertThat(SESAME.isEmpty()).isFalse();
        assertThat(Secret.of("").isEmpty()).isTrue();
    }

    @Test
    void equalsByTextAndHashTellsNothing() {
        assertThat(SESAME).isEqualTo(Secret.of("sesame")).isNotEqualTo(Secret.of("Sesame"));
        assertThat(SESAME).isNotEqualTo(Secret.of("sesame2")).isNotEqualTo("sesame");
        assertThat(Secret.of("\uD800")).isNotEqualTo(Secret.of("\uD801")).isNotEqualTo(Secret.of("?"));
        assertThat(SESAME.hashCode()).isEqualTo(Secret.of("other").hashCode());
    }

    @Test
    void refusesSerializationAloneAndInsideAnotherObject() {
        record Holder(String name, Secret secret) implements Serializable {}
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object object : List.of(SESAME, new Holder("name", SESAME))) {
            assertThatThrownBy(() -> {
                        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                            out.writeObject(object);
                        }
                    })
                    .isInstanceOf(NotSerializableException.class)
                    .hasMessageNotContaining("sesame");
        }
        assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).doesNotContain("sesame");
    }
}
