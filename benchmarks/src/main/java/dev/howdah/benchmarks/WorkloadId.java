package dev.howdah.benchmarks;

import dev.howdah.benchmarks.programs.PostgresPrograms;

/** The workloads, named as in docs/performance.md. */
public enum WorkloadId {
    W1("W1", "one connection, one prepared single-row select after another", "select", true, false),
    W2("W2", "prepared single-row selects from 16 connections at once", "select", true, false),
    W3("W3", "prepared single-row selects pipelined on one connection", "select", false, false),
    W4("W4", "all rows of a table in memory, every column read as its Java type", "row", false, true),
    W4C("W4c", "the same rows 1,000 at a time, none kept", "row", false, true),
    W5("W5", "rows inserted in the client's batch way, one transaction", "row", false, false),
    W6TI("W6ti", "COPY of the rows r from text, as the client has it in memory", "row", false, false),
    W6BI("W6bi", "the same from binary", "row", false, false),
    W6TO("W6to", "COPY of the rows r to text, handed to a stream", "row", false, false),
    W6BO("W6bo", "the same to binary", "row", false, false),
    W6RI("W6ri", "COPY of the rows r from Java values", "row", false, false),
    W6RO("W6ro", "all rows r as Java values, none kept: by COPY, and by pages of 1,000 rows", "row", false, false),
    W7("W7", "notifications of 100 bytes, 1,000 a transaction, each heard by a listener", "notification", false, false),
    W7S("W7s", "one notification at a time, from sending to the listener", "notification", true, false),
    W8(
            "W8",
            "changes drained from a slot of pgoutput: two thirds in transactions of 1,000, the rest in one",
            "change",
            false,
            false),
    W8T("W8t", "the same changes from a slot of test_decoding", "change", false, false),
    W9("W9", "a large object written in pieces of 64 KiB, one transaction", "mebibyte", false, false),
    W9R("W9r", "a large object read in pieces of 64 KiB", "mebibyte", false, false),
    W9M("W9m", "the same, in pieces of 1 MiB", "mebibyte", false, false),
    W10("W10", "connect with SCRAM-SHA-256, close", "connect", false, false),
    W11("W11", "a base backup of the server, as a data folder, its log streamed", "mebibyte", false, false),
    W11T("W11t", "the same as archives", "mebibyte", false, false),
    W12("W12", "log that a slot has kept, received into files", "mebibyte", false, false);

    /** How many connections W2 has. */
    public static final int LANES = 16;

    /** How many rows W4c has in memory at a time. */
    public static final int PAGE = 1_000;

    /** How many notifications a transaction of W7 sends. */
    public static final int NOTIFICATIONS = 1_000;

    private final String label;
    private final String title;
    private final String unit;
    private final boolean latency;
    private final boolean memory;

    WorkloadId(String label, String title, String unit, boolean latency, boolean memory) {
        this.label = label;
        this.title = title;
        this.unit = unit;
        this.latency = latency;
        this.memory = memory;
    }

    /** Its name in documents and tables. */
    @Override
    public String toString() {
        return label;
    }

    /** What is done, in words. */
    public String title() {
        return title;
    }

    /** What is counted. */
    public String unit() {
        return unit;
    }

    /** Whether the time of each single operation is of interest. */
    public boolean hasLatency() {
        return latency;
    }

    /**
     * Whether it is of a whole server rather than of a database. Such have a server of their own, of the version whose programs are
     * installed to compare with, and run only when they are named: they need disks more than anything else.
     */
    public boolean isOfServer() {
        return this == W11 || this == W11T || this == W12;
    }

    /** The name of the client that the others are compared with. */
    public String yardstick() {
        return isOfServer() ? PostgresPrograms.NAME : Client.YARDSTICK;
    }

    /** Whether the memory that it takes is of interest. */
    public boolean hasMemory() {
        return memory;
    }
}
