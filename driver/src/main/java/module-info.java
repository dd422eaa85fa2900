import org.jspecify.annotations.NullMarked;

/** A native PostgreSQL driver. Packages that are not exported may change at any time. */
@NullMarked
module dev.howdah {
    requires com.ongres.scram.client;
    requires jdk.jfr;
    requires jdk.net;
    requires static java.security.jgss;
    requires static org.jspecify;

    exports dev.howdah;
    exports dev.howdah.backup;
    exports dev.howdah.copy;
    exports dev.howdah.error;
    exports dev.howdah.event;
    exports dev.howdah.largeobject;
    exports dev.howdah.replication;
    exports dev.howdah.type;
    exports dev.howdah.password;
    exports dev.howdah.sql;
}
