package dev.howdah;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.CheckViolationException;
import dev.howdah.error.DataException;
import dev.howdah.error.Delivery;
import dev.howdah.error.Diagnostics;
import dev.howdah.error.ExclusionViolationException;
import dev.howdah.error.FeatureNotSupportedException;
import dev.howdah.error.ForeignKeyViolationException;
import dev.howdah.error.InsufficientPrivilegeException;
import dev.howdah.error.IntegrityException;
import dev.howdah.error.LockNotAvailableException;
import dev.howdah.error.NotNullViolationException;
import dev.howdah.error.QueryCanceledException;
import dev.howdah.error.RaiseException;
import dev.howdah.error.ServerException;
import dev.howdah.error.SqlState;
import dev.howdah.error.SyntaxErrorException;
import dev.howdah.error.UndefinedObjectException;
import dev.howdah.error.UniqueViolationException;
import org.junit.jupiter.api.Test;

/** Errors of the server: their families, what they say, and what is left behind. */
class ErrorsIT extends DriverContract {

    private <T extends ServerException> T refused(Class<T> family, String state, String sql) {
        T byQuery = thrown(family, () -> db.query(sql));
        assertThat(byQuery.sqlState().code()).isEqualTo(state);
        assertThat(byQuery.delivery()).isEqualTo(Delivery.REFUSED);
        assertThat(byQuery.getClass()).isEqualTo(family);
        assertThat(byQuery.query()).isEqualTo(sql);
        assertThat(thrown(family, () -> db.execute(sql)).diagnostics().messagePrimary())
                .isEqualTo(byQuery.diagnostics().messagePrimary());
        assertThat(db.queryValue("select 1", Integer.class)).isEqualTo(1);
        return byQuery;
    }

    @Test
    void integrityViolationsAreAFamily() {
        db.execute("create temp table parent (id int primary key); insert into parent values (1);"
                + "create temp table child (id int unique, p int references parent, n text not null,"
                + " c int check (c > 0), r int4range, exclude using gist (r with &&));"
                + "insert into child values (1, 1, 'x', 1, '[1,5)')");
        assertThat(refused(UniqueViolationException.class, "23505", "insert into child values (1, 1, 'x', 1, null)"))
                .isInstanceOf(IntegrityException.class);
        refused(ForeignKeyViolationException.class, "23503", "insert into child values (2, 9, 'x', 1, null)");
        refused(ForeignKeyViolationException.class, "23503", "delete from parent");
        refused(NotNullViolationException.class, "23502", "insert into child values (2, 1, null, 1, null)");
        refused(CheckViolationException.class, "23514", "insert into child values (2, 1, 'x', -1, null)");
        refused(ExclusionViolationException.class, "23P01", "insert into child values (2, 1, 'x', 1, '[4,9)')");
    }

    @Test
    void everyOtherFamilyIsToldApart() {
        refused(SyntaxErrorException.class, "42601", "selec 1");
        refused(UndefinedObjectException.class, "42P01", "select * from nowhere");
        refused(UndefinedObjectException.class, "42703", "select nothing");
        refused(UndefinedObjectException.class, "42883", "select no_such_function()");
        refused(DataException.class, "22012", "select 1 / 0");
        refused(DataException.class, "22P02", "select 'x'::int");
        refused(InsufficientPrivilegeException.class, "42501", "select * from pg_authid");
        refused(FeatureNotSupportedException.class, "0A000", "do $$ begin raise feature_not_supported; end $$");
        refused(RaiseException.class, "P0001", "do $$ begin raise exception 'no %', 'way'; end $$");
    }

    @Test
    void aStateOfOnesOwnIsKept() {
        ServerException own = thrown(
                ServerException.class,
                () -> db.query("do $$ begin raise exception 'mine' using errcode = 'ZZ123', hint = 'a hint'; end $$"));
        assertThat(own.sqlState()).isEqualTo(SqlState.of("ZZ123"));
        assertThat(own.diagnostics().messageHint()).isEqualTo("a hint");
        assertThat(own).hasMessageContaining("ZZ123").hasMessageContaining("a hint");
    }

    @Test
    void theDiagnosticsOfAViolationAreWhole() {
        db.execute("create temp table told (id int constraint told_once unique)");
        db.execute("insert into told values (1)");
        Diagnostics said = thrown(UniqueViolationException.class, () -> db.query("insert into told values ($1)", 1))
                .diagnostics();
        assertThat(said.severity()).isEqualTo("ERROR");
        assertThat(said.severityNonlocalized()).isEqualTo("ERROR");
        assertThat(said.sqlState()).isEqualTo(SqlState.UNIQUE_VIOLATION);
        assertThat(said.messagePrimary()).contains("told_once");
        assertThat(said.messageDetail()).isEqualTo("Key (id)=(1) already exists.");
        assertThat(said.schemaName()).startsWith("pg_temp");
        assertThat(said.tableName()).isEqualTo("told");
        assertThat(said.constraintName()).isEqualTo("told_once");
        assertThat(said.columnName()).isNull();
        assertThat(said.sourceFile()).isEqualTo("nbtinsert.c");
        assertThat(said.sourceLine()).isPositive();
        assertThat(said.sourceFunction()).isNotBlank();
        assertThat(said.statementPosition()).isZero();
        assertThat(said.isFatal()).isFalse();
    }

    @Test
    void everyFieldThatAFunctionCanSetArrives() {
        db.execute("create function pg_temp.complain() returns void language plpgsql as $$ begin raise exception"
                + " using message = 'm', detail = 'd', hint = 'h', errcode = '22023', column = 'c', constraint = 'n',"
                + " datatype = 't', table = 'r', schema = 's'; end $$");
        Diagnostics said = thrown(ServerException.class, () -> db.query("select pg_temp.complain()"))
                .diagnostics();
        assertThat(said.messagePrimary()).isEqualTo("m");
        assertThat(said.messageDetail()).isEqualTo("d");
        assertThat(said.messageHint()).isEqualTo("h");
        assertThat(said.columnName()).isEqualTo("c");
        assertThat(said.constraintName()).isEqualTo("n");
        assertThat(said.datatypeName()).isEqualTo("t");
        assertThat(said.tableName()).isEqualTo("r");
        assertThat(said.schemaName()).isEqualTo("s");
        assertThat(said.context()).contains("complain()");
    }

    @Test
    void anErrorInAFunctionsOwnStatementHasItsTextAndPosition() {
        Diagnostics said = thrown(
                        UndefinedObjectException.class,
                        () -> db.query("do $$ begin execute 'select wrong from pg_class'; end $$"))
                .diagnostics();
        assertThat(said.internalQuery()).isEqualTo("select wrong from pg_class");
        assertThat(said.internalPosition()).isEqualTo(8);
        assertThat(said.statementPosition()).isZero();
    }

    @Test
    void thePositionIsInCharactersAndTheMessageHasACaretThere() {
        String sql = "select '\u00fc\ud83d\ude00',\n  nothing_here";
        ServerException wrong = thrown(UndefinedObjectException.class, () -> db.query(sql));
        assertThat(wrong.diagnostics().statementPosition())
                .isEqualTo(sql.codePointCount(0, sql.indexOf("nothing_here")) + 1);
        String[] lines = wrong.getMessage().split("\n");
        int line = 0;
        while (!lines[line].contains("  nothing_here")) {
            line++;
        }
        assertThat(lines[line]).contains("Line 2");
        assertThat(lines[line + 1].indexOf('^')).isEqualTo(lines[line].indexOf("nothing_here"));
    }

    @Test
    void anErrorInAScriptNamesItsPlaceAndUndoesTheStatementsBefore() {
        db.execute("create temp table scripted (x int)");
        String script =
                "insert into scripted values (1); insert into scripted values ('x'); insert into scripted values (3)";
        ServerException wrong = thrown(DataException.class, () -> db.script(script));
        assertThat(wrong.diagnostics().statementPosition()).isEqualTo(script.indexOf("'x'") + 1);
        assertThat(db.queryValue("select count(*) from scripted", Long.class)).isZero();
        String committing = "insert into scripted values (1); commit; insert into scripted values (2); select 1 / 0";
        assertThatThrownBy(() -> db.script(committing)).isInstanceOf(DataException.class);
        assertThat(db.query("select x from scripted").as(Integer.class)).containsExactly(1);
    }

    @Test
    void aLockThatIsTakenAndACancelledStatementAreFamilies() {
        db.execute("drop table if exists locked; create table locked (x int); insert into locked values (1)");
        PgConnection other = connect();
        try (Transaction tx = other.begin()) {
            other.query("select * from locked for update");
            assertThatThrownBy(() -> db.query("select * from locked for update nowait"))
                    .isInstanceOf(LockNotAvailableException.class);
            db.execute("set lock_timeout = '20ms'");
            assertThatThrownBy(() -> db.query("select * from locked for update"))
                    .isInstanceOf(LockNotAvailableException.class);
            db.execute("reset lock_timeout; set statement_timeout = '300ms'");
            QueryCanceledException late = thrown(QueryCanceledException.class, () -> db.query("select pg_sleep(60)"));
            assertThat(late).hasMessageContaining("statement timeout");
            db.execute("reset statement_timeout");
            tx.rollback();
        }
    }

    @Test
    void aPasswordInAStatementIsMaskedInTheMessage() {
        ServerException wrong = thrown(
                ServerException.class, () -> db.execute("alter role nobody_at_all password 'hunter2hunter2' nonsense"));
        assertThat(wrong.getMessage()).doesNotContain("hunter2hunter2");
        assertThat(wrong.toString()).doesNotContain("hunter2hunter2");
    }

    @Test
    void theInfoKeepsTheLastErrorUntilSomethingGoesWell() {
        assertThatThrownBy(() -> db.query("select 1 / 0")).hasMessageContaining("22012");
        assertThat(db.info().errorMessage()).contains("22012");
        db.query("select 1");
        assertThat(db.info().errorMessage()).isNull();
    }
}
