package dev.howdah.backup;

/**
 * Where a backup goes. Used by the thread that takes it. Whatever is thrown ends the backup, and {@link #failed} follows then.
 */
interface BackupTarget {

    /** Looks whether a backup can go there, before the server is asked for one. */
    void prepare();

    /** Takes notice that files will come, and of the tablespaces that there are. */
    void begin(BackupArchives archives);

    /** Returns where the log goes that is streamed meanwhile; asked for once at most, behind {@link #begin}. */
    WalStore log();

    /** Takes a file, to its end. */
    void take(BackupArchives.Archive archive);

    /** Takes notice that all has come, the log too. When this returns it is a whole backup. */
    void complete(BackupResult result);

    /** Removes what there is of it. */
    void failed(Throwable why);
}
