package dev.howdah.benchmarks;

/** What W8 and W8t drain: rows of r that were inserted into another table behind two slots, whose confirmed places stay where they are. */
public final class Changes {

    /** The slot, of pgoutput. */
    public static final String SLOT = "w8";

    /** Another, of test_decoding. */
    public static final String TEXT_SLOT = "w8t";

    /** The publication of the table. */
    public static final String PUBLICATION = "w8";

    static final String CREATE = """
            create table r_changes (like r);
            create publication w8 for table r_changes""";

    static final String CREATE_SLOT = "select pg_create_logical_replication_slot('w8', 'pgoutput')";

    static final String CREATE_TEXT_SLOT = "select pg_create_logical_replication_slot('w8t', 'test_decoding')";

    static final String DROP = """
            select pg_drop_replication_slot('w8');
            select pg_drop_replication_slot('w8t');
            drop publication w8;
            drop table r_changes""";

    static final String ACTIVE = "select bool_or(active) from pg_replication_slots where slot_name in ('w8', 'w8t')";

    private static final int TRANSACTION = 1_000;

    private Changes() {}

    private static int inTransactions(int count) {
        return count * 2 / 3 / TRANSACTION * TRANSACTION;
    }

    static String insertInTransactions(int count) {
        return "do $$begin for i in 0..%d loop insert into r_changes select * from r where id > i * %d and id <= (i + 1) * %d; commit; end loop; end$$"
                .formatted(inTransactions(count) / TRANSACTION - 1, TRANSACTION, TRANSACTION);
    }

    static String insertAtOnce(int count) {
        return "insert into r_changes select * from r where id > %d and id <= %d"
                .formatted(inTransactions(count), count);
    }
}
