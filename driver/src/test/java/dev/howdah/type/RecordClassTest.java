package dev.howdah.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which records can be made. */
class RecordClassTest {

    private record Hidden(int number, String text) {}

    @Test
    void aPrivateRecordIsMade() {
        assertThat(RecordClass.of(Hidden.class).make(new Object[] {1, "a"})).isEqualTo(new Hidden(1, "a"));
    }

    @Test
    void aModuleThatDoesNotOpenItsRecordsIsToldWhatToAdd(@TempDir Path folder) throws Exception {
        Path module = Files.writeString(folder.resolve("module-info.java"), "module closed.shop { }");
        Path item = Files.createDirectories(folder.resolve("shop")).resolve("Item.java");
        Files.writeString(item, "package shop; record Item(int id) {}");
        Path classes = folder.resolve("classes");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), module.toString(), item.toString()))
                .isZero();
        ModuleLayer boot = ModuleLayer.boot();
        Configuration configuration =
                boot.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("closed.shop"));
        ModuleLayer layer = ModuleLayer.defineModulesWithOneLoader(
                        configuration, List.of(boot), ClassLoader.getSystemClassLoader())
                .layer();
        Class<?> record = layer.findLoader("closed.shop").loadClass("shop.Item");
        assertThatThrownBy(() -> RecordClass.of(record))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("module closed.shop")
                .hasMessageContaining("opens shop to dev.howdah;")
                .hasCauseInstanceOf(InaccessibleObjectException.class);
    }

    @Test
    void whatIsNoRecordIsNone() {
        assertThatThrownBy(() -> RecordClass.of(String.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a record");
    }

    @Test
    void aTypeRefHasToSayItsTypeAndIsEqualToAnotherOfIt() {
        assertThat(new TypeRef<List<String>>() {})
                .isEqualTo(new TypeRef<List<String>>() {})
                .hasToString("java.util.List<java.lang.String>");
        assertThatThrownBy(() -> {
                    @SuppressWarnings("rawtypes")
                    TypeRef<?> raw = new TypeRef() {};
                    assertThat(raw).isNull();
                })
                .isInstanceOf(IllegalStateException.class);
    }
}
