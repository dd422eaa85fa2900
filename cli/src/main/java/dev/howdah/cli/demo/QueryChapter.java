package dev.howdah.cli.demo;

import dev.howdah.BatchResult;
import dev.howdah.PgConnection;
import dev.howdah.Result;
import dev.howdah.Row;
import dev.howdah.Transaction;
import dev.howdah.cli.TextTable;
import dev.howdah.cli.Timing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Parameters to the server, rows into records. */
final class QueryChapter implements Chapter {

    private static final int MANY = 1000;

    /** One row of the table, by the names of its columns. */
    record Order(int id, int customer, String status, BigDecimal total) {}

    @Override
    public String name() {
        return "query";
    }

    @Override
    public String summary() {
        return "parameters, records, many rows at once, transactions";
    }

    @Override
    public void tell(Stage stage) {
        try (PgConnection db = stage.connect()) {
            stage.narrator().code(Orders.TABLE);
            Orders.make(db, "");
            many(stage, db);
            records(stage, db);
            stream(stage, db);
            script(stage, db);
            rollback(stage, db);
        }
    }

    private static void many(Stage stage, PgConnection db) {
        List<List<Object>> sets = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            sets.add(List.of(i % 7 + 1, BigDecimal.valueOf(i * 37L % 100_000, 2)));
        }
        stage.narrator().code("db.executeMany(\"insert into orders (customer_id, total) values ($1, $2)\", sets)");
        long start = System.nanoTime();
        BatchResult inserted = db.executeMany("insert into orders (customer_id, total) values ($1, $2)", sets);
        stage.narrator().got("inserted", inserted.rowCount() + " orders in " + Timing.since(start));
        stage.expectEqual((long) MANY, inserted.rowCount(), "the number of orders inserted");
        Long count = db.queryValue("select count(*) from orders", Long.class);
        stage.expect(count != null && count == MANY, "the table has all " + MANY);
    }

    private static void records(Stage stage, PgConnection db) {
        stage.narrator().code("""
                        record Order(int id, int customer, String status, BigDecimal total) {}
                        List<Order> orders = db.query(\"""
                            select id, customer_id as customer, status, total from orders
                            where customer_id = $1 and total > $2 order by total desc limit 3\""",
                            5, new BigDecimal("9.00")).as(Order.class)""");
        long start = System.nanoTime();
        List<Order> orders = db.query(
                        "select id, customer_id as customer, status, total from orders"
                                + " where customer_id = $1 and total > $2 order by total desc limit 3",
                        5,
                        new BigDecimal("9.00"))
                .as(Order.class);
        stage.narrator().got("answered in", Timing.since(start));
        TextTable table = new TextTable(List.of("id", "customer", "status", "total"), true, true, false, true);
        for (Order order : orders) {
            table.add(Arrays.asList(
                    "" + order.id(),
                    "" + order.customer(),
                    order.status(),
                    order.total().toPlainString()));
        }
        stage.narrator().got(table);
        boolean right = orders.size() == 3
                && orders.stream()
                        .allMatch(order -> order.customer() == 5
                                && order.status().equals("new")
                                && order.total().scale() == 2
                                && order.id() % 7 == 4
                                && order.total().compareTo(BigDecimal.valueOf(order.id() * 37L % 100_000, 2)) == 0);
        stage.expect(right, "the records hold what was inserted, to the cent");
    }

    private static void stream(Stage stage, PgConnection db) {
        stage.narrator().code("db.stream(\"select total from orders\", 100)      // 100 rows in memory at a time");
        BigDecimal sum;
        try (Stream<Row> rows = db.stream("select total from orders", 100)) {
            sum = rows.map(row -> row.getBigDecimal("total")).reduce(BigDecimal.ZERO, BigDecimal::add);
        }
        stage.narrator().got("sum in Java", sum.toPlainString());
        BigDecimal there = db.queryValue("select sum(total) from orders", BigDecimal.class);
        stage.expectEqual(sum, there, "the server's sum");
        stage.narrator().holds("the server's sum is the same");
    }

    private static void script(Stage stage, PgConnection db) {
        String sql =
                "update orders set status = 'paid' where id <= 10; select count(*) from orders where status = 'paid'";
        stage.narrator().code("db.script(\"" + sql + "\")");
        List<Result> results = db.script(sql);
        stage.narrator()
                .got(
                        "results",
                        results.get(0).commandTag() + " and " + results.get(1).commandTag());
        stage.expectEqual(10L, results.get(0).rowCount(), "the orders updated");
        stage.expectEqual(10L, results.get(1).rows().first().getLong(0), "the orders paid");
        stage.narrator().holds("two statements, one round trip, both results");
    }

    private static void rollback(Stage stage, PgConnection db) {
        stage.narrator()
                .code("try (Transaction tx = db.begin()) { db.execute(\"delete from orders\"); }   // no commit");
        try (Transaction tx = db.begin()) {
            Result deleted = db.execute("delete from orders");
            stage.narrator().got("inside", deleted.commandTag() + ", transaction open: " + tx.isOpen());
            stage.expectEqual((long) MANY, deleted.rowCount(), "the orders deleted inside the transaction");
        }
        Long count = db.queryValue("select count(*) from orders", Long.class);
        stage.narrator().got("afterwards", count + " orders");
        stage.expect(count != null && count == MANY, "closed without commit, it was rolled back");
    }
}
