package dev.howdah.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.howdah.error.ProtocolException;
import dev.howdah.wire.WireReader;
import dev.howdah.wire.WireWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Views read in place what the records copy, and refuse the same. */
class MessageViewTest {

    private static final int OFFSET = 5;

    @Test
    void aRowViewShowsWhatTheRecordHolds() {
        MessageSamples samples = new MessageSamples(new Random(5));
        DataRowView view = new DataRowView();
        for (int i = 0; i < 500; i++) {
            DataRow row = (DataRow) samples.make("DataRow");
            WireWriter out = new WireWriter(16);
            row.write(out);
            view.over(out.array(), OFFSET, out.position() - OFFSET);
            assertThat(view.toMessage()).isEqualTo(row);
            assertThat(view.columnCount()).isEqualTo(row.values().size());
        }
    }

    @Test
    void aRowViewRefusesWhatTheRecordRefuses() {
        Random random = new Random(6);
        MessageSamples samples = new MessageSamples(random);
        DataRowView view = new DataRowView();
        for (int i = 0; i < 20_000; i++) {
            WireWriter out = new WireWriter(16);
            samples.make("DataRow").write(out);
            byte[] body = new WireReader()
                    .over(out.array(), OFFSET, out.position() - OFFSET)
                    .bytes(out.position() - OFFSET);
            body[random.nextInt(body.length)] = (byte) random.nextInt();
            int length = random.nextInt(body.length + 1);
            assertThat(isRefusedByView(view, body, length)).isEqualTo(isRefusedByRecord(body, length));
        }
    }

    @Test
    void aRowViewHoldsAsManyColumnsAsTheProtocolCanCount() {
        DataRow row = new DataRow(new ArrayList<>(Collections.nCopies(65_535, null)));
        WireWriter out = new WireWriter(16);
        row.write(out);
        DataRowView view = new DataRowView().over(out.array(), OFFSET, out.position() - OFFSET);
        assertThat(view.columnCount()).isEqualTo(65_535);
        assertThat(view.isNull(65_534)).isTrue();
        assertThatThrownBy(() -> view.length(65_535)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aRefusedRowLeavesAViewWithoutColumns() {
        DataRowView view = new DataRowView().over(new byte[] {0, 1, -1, -1, -1, -1}, 0, 6);
        assertThat(isRefusedByView(view, new byte[] {0, 2, 0, 0, 0, 0}, 6)).isTrue();
        assertThat(view.columnCount()).isZero();
    }

    @Test
    void aCopyViewShowsTheDataInPlace() {
        byte[] array = {9, 1, 2, 3, 9};
        CopyDataView view = new CopyDataView().over(array, 1, 3);
        assertThat(view.array()).isSameAs(array);
        assertThat(view.offset()).isEqualTo(1);
        assertThat(view.length()).isEqualTo(3);
        assertThat(view.toMessage()).isEqualTo(new CopyData(Bytes.copyOf(new byte[] {1, 2, 3})));
    }

    private static boolean isRefusedByView(DataRowView view, byte[] body, int length) {
        try {
            view.over(body, 0, length);
            return false;
        } catch (ProtocolException e) {
            return true;
        }
    }

    private static boolean isRefusedByRecord(byte[] body, int length) {
        try {
            DataRow.read(new WireReader().over(body, 0, length));
            return false;
        } catch (ProtocolException e) {
            return true;
        }
    }
}
