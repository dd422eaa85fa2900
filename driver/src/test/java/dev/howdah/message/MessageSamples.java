package dev.howdah.message;

import dev.howdah.error.Diagnostics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes messages with random contents: the seeds of the round trips and of the fuzzing. */
final class MessageSamples {

    private static final String[] TEXTS = {"", "a", "orders", "héllo", "\uD83D\uDC18", "select $1\n", "it's \"x\""};
    private static final char[] FIELDS = "SVCMDHPpqWstcdnFLR".toCharArray();

    private final RandomGenerator random;

    MessageSamples(RandomGenerator random) {
        this.random = random;
    }

    /** Returns a message of the class of that name. */
    Message make(String name) {
        return isBackend(name) ? backend(name) : frontend(name);
    }

    private static boolean isBackend(String name) {
        return MessageList.BACKEND.contains(name);
    }

    private Message backend(String name) {
        return switch (name) {
            case "BackendKeyData" -> new BackendKeyData(random.nextInt(), key());
            case "BindComplete" -> BindComplete.INSTANCE;
            case "CloseComplete" -> CloseComplete.INSTANCE;
            case "CommandComplete" -> new CommandComplete(tag());
            case "CopyData" -> new CopyData(bytes());
            case "CopyDone" -> CopyDone.INSTANCE;
            case "CopyInResponse" -> new CopyInResponse(random.nextInt(2), int16s());
            case "CopyOutResponse" -> new CopyOutResponse(random.nextInt(2), int16s());
            case "CopyBothResponse" -> new CopyBothResponse(random.nextInt(2), int16s());
            case "DataRow" -> new DataRow(values());
            case "EmptyQueryResponse" -> EmptyQueryResponse.INSTANCE;
            case "ErrorResponse" -> new ErrorResponse(diagnostics());
            case "FunctionCallResponse" -> new FunctionCallResponse(value());
            case "NegotiateProtocolVersion" -> new NegotiateProtocolVersion(random.nextInt(), texts(true));
            case "NoData" -> NoData.INSTANCE;
            case "NoticeResponse" -> new NoticeResponse(diagnostics());
            case "NotificationResponse" -> new NotificationResponse(random.nextInt(), text(), text());
            case "ParameterDescription" -> new ParameterDescription(int32s());
            case "ParameterStatus" -> new ParameterStatus(text(), text());
            case "ParseComplete" -> ParseComplete.INSTANCE;
            case "PortalSuspended" -> PortalSuspended.INSTANCE;
            case "ReadyForQuery" -> ReadyForQuery.of(one(TransactionStatus.values()));
            case "RowDescription" -> new RowDescription(fields());
            default -> authentication(name);
        };
    }

    private Message authentication(String name) {
        return switch (name) {
            case "AuthenticationOk" -> AuthenticationOk.INSTANCE;
            case "AuthenticationKerberosV5" -> AuthenticationKerberosV5.INSTANCE;
            case "AuthenticationCleartextPassword" -> AuthenticationCleartextPassword.INSTANCE;
            case "AuthenticationMD5Password" -> new AuthenticationMD5Password(random.nextInt());
            case "AuthenticationGSS" -> AuthenticationGSS.INSTANCE;
            case "AuthenticationGSSContinue" -> new AuthenticationGSSContinue(bytes());
            case "AuthenticationSSPI" -> AuthenticationSSPI.INSTANCE;
            case "AuthenticationSASL" -> new AuthenticationSASL(texts(false));
            case "AuthenticationSASLContinue" -> new AuthenticationSASLContinue(bytes());
            case "AuthenticationSASLFinal" -> new AuthenticationSASLFinal(bytes());
            default -> throw new IllegalArgumentException("no sample of " + name);
        };
    }

    private Message frontend(String name) {
        return switch (name) {
            case "Bind" -> new Bind(text(), text(), int16s(), values(), int16s());
            case "CancelRequest" -> new CancelRequest(random.nextInt(), key());
            case "Close" -> new Close(one(Target.values()), text());
            case "CopyFail" -> new CopyFail(text());
            case "Describe" -> new Describe(one(Target.values()), text());
            case "Execute" -> new Execute(text(), random.nextInt());
            case "Flush" -> Flush.INSTANCE;
            case "FunctionCall" -> new FunctionCall(random.nextInt(), int16s(), values(), random.nextInt(2));
            case "GSSENCRequest" -> GSSENCRequest.INSTANCE;
            case "GSSResponse" -> new GSSResponse(bytes());
            case "Parse" -> new Parse(text(), text(), int32s());
            case "PasswordMessage" -> new PasswordMessage(Bytes.utf8(text()));
            case "Query" -> new Query(text());
            case "SASLInitialResponse" -> new SASLInitialResponse(text(), value());
            case "SASLResponse" -> new SASLResponse(bytes());
            case "SSLRequest" -> SSLRequest.INSTANCE;
            case "StartupMessage" ->
                new StartupMessage(
                        random.nextBoolean() ? StartupMessage.VERSION_3_0 : StartupMessage.VERSION_3_2, parameters());
            case "Sync" -> Sync.INSTANCE;
            case "Terminate" -> Terminate.INSTANCE;
            default -> throw new IllegalArgumentException("no sample of " + name);
        };
    }

    private <T> T one(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private int few() {
        return random.nextInt(5);
    }

    private String text() {
        return one(TEXTS);
    }

    private String tag() {
        return switch (few()) {
            case 0 -> "INSERT 0 " + random.nextInt(1000);
            case 1 -> "BEGIN";
            case 2 -> "CREATE TABLE";
            default -> "SELECT " + random.nextInt(3);
        };
    }

    private Bytes key() {
        return bytes(4 + random.nextInt(253));
    }

    private Bytes bytes() {
        return bytes(random.nextInt(40));
    }

    private Bytes bytes(int length) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return Bytes.copyOf(content);
    }

    private @Nullable Bytes value() {
        return few() == 0 ? null : bytes();
    }

    private List<@Nullable Bytes> values() {
        List<@Nullable Bytes> values = new ArrayList<>();
        for (int i = few(); i > 0; i--) {
            values.add(value());
        }
        return values;
    }

    private List<String> texts(boolean alsoEmpty) {
        List<String> texts = new ArrayList<>();
        for (int i = few(); i > 0; i--) {
            texts.add(alsoEmpty ? text() : text() + "x");
        }
        return texts;
    }

    private IntList int16s() {
        return IntList.of(random.ints(few(), Short.MIN_VALUE, Short.MAX_VALUE).toArray());
    }

    private IntList int32s() {
        return IntList.of(random.ints(few()).toArray());
    }

    private List<RowDescription.Field> fields() {
        List<RowDescription.Field> fields = new ArrayList<>();
        for (int i = few(); i > 0; i--) {
            fields.add(new RowDescription.Field(
                    text(),
                    random.nextInt(),
                    (short) random.nextInt(),
                    random.nextInt(),
                    (short) random.nextInt(),
                    random.nextInt(),
                    random.nextInt(2)));
        }
        return fields;
    }

    private Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String name : texts(false)) {
            parameters.put(name, text());
        }
        return parameters;
    }

    private Diagnostics diagnostics() {
        Diagnostics.Builder builder = Diagnostics.builder();
        for (char field : FIELDS) {
            if (random.nextBoolean()) {
                builder.put(field, value(field));
            }
        }
        return builder.build();
    }

    private String value(char field) {
        return switch (field) {
            case 'P', 'p', 'L' -> Integer.toString(1 + random.nextInt(100));
            case 'C' -> random.nextBoolean() ? "23505" : "XX999";
            default -> text();
        };
    }
}
