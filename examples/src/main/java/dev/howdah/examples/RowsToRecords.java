package dev.howdah.examples;

import dev.howdah.Howdah;
import dev.howdah.PgConnection;
import dev.howdah.Row;
import dev.howdah.error.ConversionException;
import dev.howdah.type.ColumnName;
import dev.howdah.type.TypeRef;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Rows as records: names, nested records, NULL, type arguments, and classes of one's own. */
public final class RowsToRecords {

    private RowsToRecords() {}

    // @start region=record
    private record Item(
            int id, String itemName, @ColumnName("qty") int quantity) {}
    // @end

    // @start region=nestedRecord
    private record Customer(int id, String name) {}

    private record Order(int id, Customer customer) {}
    // @end

    // @start region=nullRecord
    private record Price(String item, Optional<Integer> cents) {}
    // @end

    // @start region=email
    private record Email(String value) {}

    private record User(int id, Email email) {}
    // @end

    /** Runs against the server of the connection string given, or of the environment. */
    public static void main(String[] args) {
        try (PgConnection db = Howdah.connect(args.length > 0 ? args[0] : "")) {
            names(db);
            nested(db);
            nulls(db);
            arguments(db);
            converter(db);
            streamed(db);
        }
    }

    private static void names(PgConnection db) {
        // @start region=names
        List<Item> items = db.query("select 1 as id, 'pen' as item_name, 12 as qty, now() as not_wanted")
                .as(Item.class);
        // @end
        System.out.println(items);
    }

    private static void nested(PgConnection db) {
        db.execute("create temp table customer (id int primary key, name text);"
                + "create temp table orders (id int, customer int);"
                + "insert into customer values (7, 'Ann'); insert into orders values (1, 7), (2, null)");
        // @start region=nested
        List<Order> orders = db.query("""
                        select o.id, c.id as customer_id, c.name as customer_name
                        from orders o left join customer c on c.id = o.customer order by o.id""").as(Order.class);
        List<Order> same = db.query(
                        "select o.id, c as customer from orders o left join customer c on c.id = o.customer order by o.id")
                .as(Order.class);
        // @end
        System.out.println(orders);
        System.out.println("the same: " + orders.equals(same));
    }

    private static void nulls(PgConnection db) {
        // @start region=nulls
        List<Price> prices = db.query("select 'pen' as item, 250 as cents union all select 'gift', null")
                .as(Price.class);
        try {
            db.query("select null::int as id, 'Ann' as name").as(Customer.class);
        } catch (ConversionException e) {
            System.out.println(e.getMessage());
        }
        // @end
        System.out.println(prices);
    }

    private static void arguments(PgConnection db) {
        // @start region=typeRef
        List<Optional<Long>> numbers =
                db.queryValue("select array[1, null, 3]", new TypeRef<List<Optional<Long>>>() {});
        Row row = db.queryOne("select array_agg(c) as customers from customer c");
        List<Customer> customers = row.get("customers", new TypeRef<List<Customer>>() {});
        // @end
        System.out.println(numbers + " " + customers);
    }

    private static void converter(PgConnection db) {
        // @start region=converter
        db.types().registerConverter(Email.class, String.class, Email::new, Email::value);
        User user = db.queryOne("select 1 as id, $1::text as email", User.class, new Email("ann@example.org"));
        List<Email> all =
                db.query("select unnest($1::text[])", List.of(user.email())).as(Email.class);
        // @end
        System.out.println(user + " " + all.size());
    }

    private static void streamed(PgConnection db) {
        // @start region=stream
        try (Stream<Customer> customers = db.stream("select id, name from customer", 1_000, Customer.class)) {
            customers.forEach(System.out::println);
        }
        // @end
    }
}
