package dev.howdah.type;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds names: the same one, else the one that is the same but for case and underscores. */
final class NameIndex {

    private final List<String> names;
    private final Map<String, List<Integer>> exact = new HashMap<>();
    private final Map<String, List<Integer>> folded = new HashMap<>();

    NameIndex(List<String> names) {
        this.names = names;
        for (int i = 0; i < names.size(); i++) {
            exact.computeIfAbsent(names.get(i), name -> new ArrayList<>(1)).add(i);
            folded.computeIfAbsent(fold(names.get(i)), name -> new ArrayList<>(1))
                    .add(i);
        }
    }

    private static String fold(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the index of a name, -1 if there is none.
     *
     * @param what what the names are of, in the plural
     * @throws dev.howdah.error.ConversionException if there are several
     */
    int find(String wanted, String what) {
        List<Integer> found = exact.getOrDefault(wanted, List.of());
        if (found.size() > 1) {
            throw Refusal.reading("the " + what + " " + found + " (from 0) are all called " + wanted
                    + "; give them names of their own");
        }
        if (found.isEmpty()) {
            found = folded.getOrDefault(fold(wanted), List.of());
        }
        if (found.size() > 1) {
            throw Refusal.reading("the " + what + " " + names(found) + " all fit the name " + wanted);
        }
        return found.isEmpty() ? -1 : found.getFirst();
    }

    private List<String> names(List<Integer> indexes) {
        return indexes.stream().map(names::get).toList();
    }

    /** Returns all names. */
    @Override
    public String toString() {
        return names.toString();
    }
}
