package dev.howdah.cli.demo;

import java.util.List;

/** All chapters, in the order in which they are told. */
public final class Chapters {

    private static final List<Chapter> ALL = List.of(
            new ConnectChapter(),
            new QueryChapter(),
            new TypesChapter(),
            new CursorsChapter(),
            new CopyChapter(),
            new LargeObjectsChapter(),
            new WaitingChapter(),
            new ErrorsChapter(),
            new NotifyChapter(),
            new EventsChapter(),
            new ReplicationChapter(),
            new BackupChapter());

    private Chapters() {}

    /** The chapters, in their order. */
    public static List<Chapter> all() {
        return ALL;
    }
}
