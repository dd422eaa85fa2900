package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.howdah.error.ConversionException;
import dev.howdah.error.DataException;
import dev.howdah.error.FailedTransactionException;
import dev.howdah.error.SyntaxErrorException;
import dev.howdah.type.JsonMapper;
import dev.howdah.type.TypeRef;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans of prepared queries. */
class ExplainIT extends DriverContract {

    private static final ObjectMapper JACKSON = new ObjectMapper();

    @BeforeEach
    void readJson() {
        db.types()
                .registerJson(JsonMapper.of(
                        (json, type) -> JACKSON.readValue(json, JACKSON.constructType(type)),
                        JACKSON::writeValueAsString));
        db.execute("create temp table planned (a int, b text); create sequence if not exists counted");
    }

    private static JsonNode top(Plan plan) {
        return plan.as(JsonNode.class).get(0);
    }

    private long rows() {
        return db.queryOne("select count(*) from planned").getLong(0);
    }

    @Test
    void aPlanIsForTheValuesGivenAndNothingIsRun() {
        try (PreparedQuery query = db.prepare("select * from generate_series(1, $1) as g where g = $2");
                PreparedQuery insert = db.prepare("insert into planned values ($1, $2)")) {
            JsonNode plan = top(query.explain(1000, 77)).get("Plan");
            assertThat(plan.get("Node Type").asText()).isEqualTo("Function Scan");
            assertThat(plan.get("Filter").asText()).contains("77");
            assertThat(plan.has("Actual Rows")).isFalse();
            assertThat(top(insert.explain(1, "x")).get("Plan").get("Node Type").asText())
                    .isEqualTo("ModifyTable");
            assertThat(rows()).isZero();
            assertThat(query.query(3, 2)).hasSize(1);
        }
    }

    @Test
    void thePlanIsTextOrWhatTheMapperMakesOfIt() {
        try (PreparedQuery query = db.prepare("select 1")) {
            Plan plan = query.explain();
            assertThat(plan.json()).startsWith("[").contains("\"Plan\"").isEqualTo(plan.toString());
            assertThat(plan.as(new TypeRef<List<Map<String, Object>>>() {}).getFirst())
                    .containsKey("Plan");
        }
        try (PreparedQuery query = connect().prepare("select 1")) {
            assertThat(query.explain().json()).contains("Plan");
            assertThatThrownBy(() -> query.explain().as(JsonNode.class)).isInstanceOf(ConversionException.class);
        }
    }

    @Test
    void whatAnAnalyzedStatementDidIsUndone() {
        try (PreparedQuery insert = db.prepare("insert into planned select g, $1 from generate_series(1, 5) as g")) {
            JsonNode plan = top(insert.explainAnalyze("x"));
            assertThat(plan.has("Execution Time")).isTrue();
            assertThat(plan.get("Plan").get("Plans").get(0).get("Actual Rows").asInt())
                    .isEqualTo(5);
            assertThat(rows()).isZero();
            assertThat(db.info().transactionStatus()).isEqualTo(TransactionStatus.IDLE);
        }
    }

    @Test
    void insideATransactionASavepointUndoesIt() {
        try (PreparedQuery insert = db.prepare("insert into planned values ($1)");
                Transaction tx = db.begin()) {
            insert.execute(1);
            insert.explainAnalyze(2);
            assertThat(rows()).isEqualTo(1);
            try (Transaction inner = db.begin()) {
                insert.explainAnalyze(3);
                inner.commit();
            }
            tx.commit();
        }
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void withAutocommitOffItIsUndoneToo() {
        db.setAutocommit(false);
        try (PreparedQuery insert = db.prepare("insert into planned values ($1)")) {
            insert.explainAnalyze(1);
            insert.execute(2);
            insert.explainAnalyze(3);
            db.commit();
        }
        db.setAutocommit(true);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void anAnalyzedStatementThatFailsLeavesTheTransactionUsable() {
        try (PreparedQuery divide = db.prepare("select 1 / $1::int")) {
            assertThatThrownBy(() -> divide.explainAnalyze(0)).isInstanceOf(DataException.class);
            try (Transaction tx = db.begin()) {
                db.execute("insert into planned values (1)");
                assertThatThrownBy(() -> divide.explainAnalyze(0)).isInstanceOf(DataException.class);
                assertThat(rows()).isEqualTo(1);
                tx.commit();
            }
        }
    }

    @Test
    void inAFailedTransactionTheErrorSaysSo() {
        try (PreparedQuery query = db.prepare("select $1::int");
                Transaction tx = db.begin()) {
            assertThatThrownBy(() -> db.query("select 1 / 0")).isInstanceOf(DataException.class);
            assertThatThrownBy(() -> query.explain(1)).isInstanceOf(FailedTransactionException.class);
            assertThatThrownBy(() -> query.explainAnalyze(1)).isInstanceOf(FailedTransactionException.class);
            tx.rollback();
        }
    }

    @Test
    void optionsAreThoseOfTheServer() {
        try (PreparedQuery query = db.prepare("select * from planned where a = $1")) {
            assertThat(top(query.explain(EnumSet.of(ExplainOption.VERBOSE), 1))
                            .get("Plan")
                            .has("Output"))
                    .isTrue();
            EnumSet<ExplainOption> all = EnumSet.of(
                    ExplainOption.ANALYZE,
                    ExplainOption.VERBOSE,
                    ExplainOption.BUFFERS,
                    ExplainOption.SETTINGS,
                    ExplainOption.WAL);
            assertThat(top(query.explain(all, 1)).get("Plan").has("Shared Hit Blocks"))
                    .isTrue();
            Set<ExplainOption> newer = EnumSet.of(ExplainOption.ANALYZE, ExplainOption.MEMORY, ExplainOption.SERIALIZE);
            if (place.version() >= 17) {
                assertThat(top(query.explain(newer, 1)).has("Serialization")).isTrue();
            } else {
                assertThatThrownBy(() -> query.explain(newer, 1))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("MEMORY")
                        .hasMessageContaining("17");
            }
        }
    }

    @Test
    void aGenericPlanTakesNoValues() {
        Set<ExplainOption> generic = EnumSet.of(ExplainOption.GENERIC_PLAN);
        try (PreparedQuery query = db.prepare("select * from planned where a = $1")) {
            if (place.version() >= 16) {
                assertThat(top(query.explain(generic)).get("Plan").get("Filter").asText())
                        .contains("$1");
                assertThatThrownBy(() -> query.explain(generic, 1)).isInstanceOf(IllegalArgumentException.class);
            } else {
                assertThatThrownBy(() -> query.explain(generic))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("GENERIC_PLAN");
            }
        }
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefusedBeforeAnythingIsSent(@TempDir Path folder) {
        PgConnection traced =
                connect(options().toBuilder().trace(folder.resolve("trace")).build());
        TraceReader trace = new TraceReader(folder.resolve("trace"));
        try (PreparedQuery query = traced.prepare("select $1::int")) {
            trace.news();
            for (Set<ExplainOption> options : List.of(
                    EnumSet.of(ExplainOption.WAL),
                    EnumSet.of(ExplainOption.SERIALIZE),
                    EnumSet.of(ExplainOption.ANALYZE, ExplainOption.GENERIC_PLAN))) {
                assertThatThrownBy(() -> query.explain(options, 1))
                        .isInstanceOfAny(IllegalArgumentException.class, UnsupportedOperationException.class);
            }
            assertThat(trace.news()).isEmpty();
        }
    }

    @Test
    void whatHasNoPlanIsRefusedByTheServer() {
        try (PreparedQuery vacuum = db.prepare("vacuum planned")) {
            assertThatThrownBy(vacuum::explain).isInstanceOf(SyntaxErrorException.class);
            assertThatThrownBy(vacuum::explainAnalyze).isInstanceOf(SyntaxErrorException.class);
        }
    }

    @Test
    void wrongValuesAreRefused() {
        try (PreparedQuery query = db.prepare("select $1::int")) {
            assertThatThrownBy(query::explain).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(query::explainAnalyze).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> query.explainAnalyze("x")).isInstanceOf(ConversionException.class);
        }
    }
}
