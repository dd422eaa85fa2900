package dev.howdah.cli.demo;

import dev.howdah.PgConnection;

/** The table of orders that several chapters use. */
final class Orders {

    static final String TABLE = """
            create table orders (
                id          int generated always as identity primary key,
                customer_id int not null,
                status      text not null default 'new',
                total       numeric(10, 2) not null check (total >= 0))""";

    private Orders() {}

    /** Makes it anew, in one script with what else is needed. */
    static void make(PgConnection db, String more) {
        db.execute("drop table if exists orders;" + TABLE + ";" + more);
    }
}
