package dev.howdah;

import dev.howdah.password.OAuthTokenSource;
import dev.howdah.password.Secret;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The options that only a builder can set: no text stands for them. */
record OptionExtras(
        @Nullable Supplier<? extends @Nullable Secret> passwordSupplier,
        @Nullable Path traceFile,
        @Nullable Path sslKeyLogFile,
        @Nullable OAuthTokenSource oauthTokenSource,
        @Nullable CursorFactory<? extends Cursor> cursorFactory,
        @Nullable Executor callbackExecutor,
        @Nullable WaitCallback waitCallback) {

    static final OptionExtras NONE = new OptionExtras(null, null, null, null, null, null, null);
}
