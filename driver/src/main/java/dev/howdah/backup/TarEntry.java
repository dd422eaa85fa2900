package dev.howdah.backup;

/**
 * What a header of an archive says.
 *
 * @param name relative, with slashes, without one at its end
 * @param size in bytes; 0 unless it is a file
 * @param mode the permissions, as in 0600
 * @param modified in seconds since 1970
 * @param target what a link leads to; empty unless it is one
 */
record TarEntry(String name, Kind kind, long size, int mode, long modified, String target) {

    /** What there may be in an archive of a server's. */
    enum Kind {
        FILE,
        FOLDER,
        LINK
    }

    static TarEntry file(String name, long size, int mode, long modified) {
        return new TarEntry(name, Kind.FILE, size, mode, modified, "");
    }

    static TarEntry folder(String name, int mode, long modified) {
        return new TarEntry(name, Kind.FOLDER, 0, mode, modified, "");
    }

    static TarEntry link(String name, String target, int mode, long modified) {
        return new TarEntry(name, Kind.LINK, 0, mode, modified, target);
    }
}
