package dev.howdah.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Random values for tests that look for counterexamples. {@link #check} runs a test many times and says with which seed it failed; the
 * system property {@code howdah.test.seed} set to that seed runs it once, with the same values. For one thread.
 */
public final class SeededRandom implements RandomGenerator {

    private static final String PROPERTY = "howdah.test.seed";
    private static final int[] TEXT_RANGES = {0x20, 0x7e, 0x01, 0x1f, 0xa0, 0x24f, 0x4e00, 0x9fff, 0x1f300, 0x1f6ff};

    private final SplittableRandom random;
    private final long seed;

    /** The same seed gives the same values. */
    public SeededRandom(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** A test of one set of random values. */
    public interface Property {
        /** Fails by throwing anything. */
        void test(SeededRandom random) throws Exception;
    }

    /**
     * Runs a test with this many different seeds.
     *
     * @throws AssertionError at the first failure, with the seed in its message and the failure as its cause
     */
    public static void check(int times, Property property) {
        Long only = Long.getLong(PROPERTY);
        if (only != null) {
            run(only, property);
            return;
        }
        SplittableRandom seeds = new SplittableRandom();
        for (int i = 0; i < times; i++) {
            run(seeds.nextLong(), property);
        }
    }

    private static void run(long seed, Property property) {
        try {
            property.test(new SeededRandom(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "failed with seed " + seed + " (again with -D" + PROPERTY + "=" + seed + "): " + e, e);
        }
    }

    /** The seed that this was made with. */
    public long seed() {
        return seed;
    }

    @Override
    public long nextLong() {
        return random.nextLong();
    }

    /** Any int, each magnitude as likely as another; the edges (0, -1, MIN_VALUE, MAX_VALUE) often. */
    public int anyInt() {
        return nextInt(8) == 0
                ? pick(List.of(0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE))
                : nextInt() >> nextInt(Integer.SIZE);
    }

    /** Any long, each magnitude as likely as another; the edges (0, -1, MIN_VALUE, MAX_VALUE) often. */
    public long anyLong() {
        return nextInt(8) == 0
                ? pick(List.of(0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE))
                : nextLong() >> nextInt(Long.SIZE);
    }

    /** Between no and this many random bytes. */
    public byte[] bytes(int atMost) {
        byte[] bytes = new byte[nextInt(atMost + 1)];
        nextBytes(bytes);
        return bytes;
    }

    /** Text that PostgreSQL can store: between no and this many characters of many scripts, no NUL, no lone surrogate. */
    public String text(int atMost) {
        StringBuilder text = new StringBuilder();
        for (int left = nextInt(atMost + 1); left > 0; left--) {
            int range = nextInt(TEXT_RANGES.length / 2) * 2;
            text.appendCodePoint(nextInt(TEXT_RANGES[range], TEXT_RANGES[range + 1] + 1));
        }
        return text.toString();
    }

    /** One of these; the list must not be empty. */
    public <T> T pick(List<T> choices) {
        return choices.get(nextInt(choices.size()));
    }

    /** Between no and this many values, each made by the function. */
    public <T> List<T> list(int atMost, Function<SeededRandom, T> make) {
        int size = nextInt(atMost + 1);
        List<T> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(make.apply(this));
        }
        return list;
    }
}
