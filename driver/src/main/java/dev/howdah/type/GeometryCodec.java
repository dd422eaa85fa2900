package dev.howdah.type;

import dev.howdah.wire.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * {@code point}, {@code lseg}, {@code line}, {@code box}, {@code circle}, {@code path} and {@code polygon}: float8 numbers
 * one after the other; before those of a path and a polygon stands how many points there are, before a path's count
 * whether it is closed.
 *
 * @param <T> the Java class
 */
final class GeometryCodec<T> extends ParsedCodec<T> {

    private final int fixedLength;
    private final Function<WireReader, T> reader;
    private final BiConsumer<T, ValueWriter> writer;

    private GeometryCodec(
            Class<T> javaType,
            int numbers,
            Function<String, T> parser,
            Function<WireReader, T> reader,
            BiConsumer<T, ValueWriter> writer) {
        super(javaType, parser);
        this.fixedLength = numbers < 0 ? -1 : numbers * Double.BYTES;
        this.reader = reader;
        this.writer = writer;
    }

    static GeometryCodec<Point> point() {
        return new GeometryCodec<>(
                Point.class, 2, Point::parse, GeometryCodec::readPoint, (v, out) -> writePoint(v, out));
    }

    static GeometryCodec<LineSegment> segment() {
        return new GeometryCodec<>(
                LineSegment.class,
                4,
                LineSegment::parse,
                in -> new LineSegment(readPoint(in), readPoint(in)),
                (v, out) -> {
                    writePoint(v.start(), out);
                    writePoint(v.end(), out);
                });
    }

    static GeometryCodec<Box> box() {
        return new GeometryCodec<>(Box.class, 4, Box::parse, in -> new Box(readPoint(in), readPoint(in)), (v, out) -> {
            writePoint(v.high(), out);
            writePoint(v.low(), out);
        });
    }

    static GeometryCodec<Line> line() {
        return new GeometryCodec<>(
                Line.class,
                3,
                Line::parse,
                in -> new Line(readNumber(in), readNumber(in), readNumber(in)),
                (v, out) -> {
                    writeNumber(v.a(), out);
                    writeNumber(v.b(), out);
                    writeNumber(v.c(), out);
                });
    }

    static GeometryCodec<Circle> circle() {
        return new GeometryCodec<>(
                Circle.class, 3, Circle::parse, in -> new Circle(readPoint(in), readNumber(in)), (v, out) -> {
                    writePoint(v.center(), out);
                    writeNumber(v.radius(), out);
                });
    }

    static GeometryCodec<Path> path() {
        return new GeometryCodec<>(
                Path.class, -1, Path::parse, in -> new Path(in.int8() != 0, readPoints(in)), (v, out) -> {
                    out.int8(v.closed() ? 1 : 0);
                    writePoints(v.points(), out);
                });
    }

    static GeometryCodec<Polygon> polygon() {
        return new GeometryCodec<>(
                Polygon.class,
                -1,
                Polygon::parse,
                in -> new Polygon(readPoints(in)),
                (v, out) -> writePoints(v.points(), out));
    }

    @Override
    public int fixedLength() {
        return fixedLength;
    }

    @Override
    T read(WireReader in) {
        return reader.apply(in);
    }

    @Override
    public void encodeBinary(T value, ValueWriter out) {
        writer.accept(value, out);
    }

    private static double readNumber(WireReader in) {
        return Double.longBitsToDouble(in.int64());
    }

    private static Point readPoint(WireReader in) {
        double x = readNumber(in);
        return new Point(x, readNumber(in));
    }

    private static List<Point> readPoints(WireReader in) {
        int count = count(in, 2 * Double.BYTES);
        List<Point> points = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            points.add(readPoint(in));
        }
        return points;
    }

    private static void writeNumber(double value, ValueWriter out) {
        out.int64(Double.doubleToRawLongBits(value));
    }

    private static void writePoint(Point point, ValueWriter out) {
        writeNumber(point.x(), out);
        writeNumber(point.y(), out);
    }

    private static void writePoints(List<Point> points, ValueWriter out) {
        out.int32(points.size());
        for (Point point : points) {
            writePoint(point, out);
        }
    }
}
