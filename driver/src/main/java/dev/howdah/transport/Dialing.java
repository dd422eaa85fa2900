package dev.howdah.transport;

import dev.howdah.auth.Authenticator;
import dev.howdah.auth.Credentials;
import dev.howdah.auth.OAuthDiscovery;
import dev.howdah.auth.Peer;
import dev.howdah.error.ConfigException;
import dev.howdah.error.ConnectFailedException;
import dev.howdah.error.ConnectStep;
import dev.howdah.error.PgException;
import dev.howdah.error.ProtocolException;
import dev.howdah.error.ServerException;
import dev.howdah.message.StartupMessage;
import dev.howdah.password.Secret;
import dev.howdah.session.Exchange;
import dev.howdah.session.Session;
import dev.howdah.session.SimpleQuery;
import dev.howdah.session.Startup;
import dev.howdah.session.StatementCache;
import dev.howdah.type.TypeRegistry;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first server of a plan that accepts us. Goes on without ever waiting (apart from DNS): {@link #step()}
 * says what to wait for. Not safe for several threads.
 */
public final class Dialing {

    private final DialPlan plan;
    private final Supplier<Session> sessions;
    private final LongSupplier nanoTime;
    private final Deque<DialPlan.Host> hosts;
    private final Deque<Endpoint> endpoints = new ArrayDeque<>();
    private final Deque<Boolean> tlsTries = new ArrayDeque<>();
    /** Hosts that accepted us and were not of the kind that is wanted. */
    private final List<DialPlan.Host> unwanted = new ArrayList<>();

    private final DialLog log;
    private DialPlan.@Nullable Host dialledHost;
    private @Nullable Endpoint endpoint;
    private @Nullable Attempt attempt;
    private @Nullable Session session;
    private @Nullable Startup startup;
    private @Nullable Authenticator authenticator;
    private @Nullable SimpleQuery question;
    private @Nullable OAuthDiscovery discovered;
    private @Nullable Secret oauthToken;
    private boolean askingForTls;
    private SessionTarget target;
    private final long started;
    private long attemptStarted;
    /** How long it took in all, in nanoseconds. */
    private long time;

    /**
     * Begins.
     *
     * @param sessions makes the session for an attempt
     * @param nanoTime the clock, in nanoseconds
     */
    public Dialing(DialPlan plan, Supplier<Session> sessions, LongSupplier nanoTime) {
        this.plan = plan;
        this.sessions = sessions;
        this.nanoTime = nanoTime;
        this.hosts = new ArrayDeque<>();
        this.target = plan.target() == SessionTarget.PREFER_STANDBY ? SessionTarget.STANDBY : plan.target();
        this.started = nanoTime.getAsLong();
        this.log = new DialLog(nanoTime);
        List<DialPlan.Host> all = new ArrayList<>(plan.hosts());
        if (plan.shuffle()) {
            Collections.shuffle(all, ThreadLocalRandom.current());
        }
        hosts.addAll(all);
    }

    /**
     * Goes on as far as it can without waiting.
     *
     * @return what {@link #channel()} has to be ready for (operations of {@link SelectionKey}), or 0 when the server is
     *     ready
     * @throws ConnectFailedException when there is nobody left to try
     */
    public int step() {
        while (true) {
            if (attempt == null && !begin()) {
                throw new ConnectFailedException(log.attempts());
            }
            try {
                return advance();
            } catch (IOException | PgException e) {
                failed(e);
            }
        }
    }

    private int advance() throws IOException {
        Attempt current = requireAttempt();
        if (session == null || startup == null) {
            int wanted = current.step();
            if (wanted != 0) {
                return wanted;
            }
            greet(current.transport());
        }
        Session talk = requireSession();
        Startup greeting = requireStartup();
        int wanted = converse(current.transport(), talk, greeting);
        if (wanted != 0) {
            return wanted;
        }
        checkVersion(greeting.result());
        wanted = checkTarget(current.transport(), talk);
        if (wanted == 0) {
            accepted(current);
        }
        return wanted;
    }

    private void accepted(Attempt current) {
        log.accepted(current.endpoint(), current.isSecured());
        time = nanoTime.getAsLong() - started;
    }

    private void checkVersion(int version) {
        if (version < plan.oldestProtocolVersion()) {
            throw new ConfigException(
                    "min_protocol_version",
                    "the server speaks protocol 3." + (version & 0xffff) + ", older than what is accepted");
        }
    }

    /** Finds out whether the server is the one that is wanted; returns what to wait for, or 0. */
    private int checkTarget(Transport transport, Session talk) throws IOException {
        if (target != SessionTarget.ANY) {
            log.enter(ConnectStep.Kind.SERVER_CHECK);
        }
        boolean standby;
        boolean readOnly;
        if (target.isReported(talk)) {
            Map<String, String> reported = talk.parameters();
            standby = "on".equals(reported.get("in_hot_standby"));
            readOnly = "on".equals(reported.get("default_transaction_read_only"));
        } else {
            SimpleQuery asked = question;
            if (asked == null) {
                TypeRegistry types = TypeRegistry.global();
                asked = new SimpleQuery(SessionTarget.QUESTION, new StatementCache(0, 0, types), types);
                question = asked;
                talk.submit(asked);
            }
            int wanted = converse(transport, talk, asked);
            if (wanted != 0) {
                return wanted;
            }
            RowText answer = new RowText(asked.result().getLast().rows());
            standby = answer.get(0).equals("on");
            readOnly = answer.get(1).equals("on");
        }
        String objection = target.objection(standby, readOnly);
        if (objection != null) {
            throw leave(transport, talk, objection);
        }
        return 0;
    }

    /** Says goodbye to a server that is not wanted, lest it counts the session as abandoned. */
    private static UnwantedServerException leave(Transport transport, Session talk, String objection) {
        UnwantedServerException unwanted = new UnwantedServerException(objection);
        talk.terminate();
        try {
            send(transport, talk);
        } catch (IOException e) {
            unwanted.addSuppressed(e);
        }
        return unwanted;
    }

    private void greet(Transport transport) {
        log.enter(ConnectStep.Kind.AUTHENTICATION);
        TlsInfo tls = transport.tls();
        Endpoint server = requireAttempt().endpoint();
        Credentials credentials = new Credentials(
                plan.user(),
                dialledHost == null ? null : plan.passwords().apply(dialledHost),
                oauthToken,
                plan.authentication(),
                new Peer(
                        server.host(),
                        tls != null,
                        server.isLocal(),
                        tls == null ? null : tls.serverCertificateHash()));
        authenticator = new Authenticator(credentials);
        session = sessions.get();
        startup = new Startup(new StartupMessage(plan.protocolVersion(), plan.parameters()), authenticator);
        session.submit(startup);
    }

    /** Moves bytes until the server is ready; returns what to wait for, or 0. */
    private int converse(Transport transport, Session session, Exchange<?> exchange) throws IOException {
        while (true) {
            boolean blocked = !send(transport, session);
            if (exchange.isDone()) {
                if (exchange.failure() != null) {
                    throw exchange.failure();
                }
                return 0;
            }
            int count = transport.read(session.inbound());
            if (count > 0) {
                receive(session, exchange, count);
                if (exchange instanceof Startup greeting && greeting.isAuthenticated()) {
                    log.enter(ConnectStep.Kind.SESSION);
                }
                checkDeadline();
            } else if (count < 0) {
                session.endOfStream(null);
            } else if (!session.transmit()) {
                return blocked ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
            }
        }
    }

    /** A server that never pauses must not keep us for ever. */
    private void checkDeadline() throws IOException {
        long now = nanoTime.getAsLong();
        if (now >= totalDeadline()) {
            throw outOfTime();
        }
        if (now >= deadline()) {
            throw new IOException("no answer within " + DialFailure.text(plan.timeout()));
        }
    }

    /** Takes what arrived; once we have refused the server, what it goes on to say does not matter. */
    private static void receive(Session session, Exchange<?> exchange, int count) {
        try {
            session.received(count);
        } catch (ProtocolException e) {
            if (exchange.isDone() && exchange.failure() instanceof ConfigException refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    private static boolean send(Transport transport, Session session) throws IOException {
        while (session.transmit()) {
            ByteBuffer bytes = session.outbound();
            int count = transport.write(bytes);
            session.sent(count);
            if (count == 0) {
                return false;
            }
        }
        return transport.flush();
    }

    /** Returns how the connection turned out, once {@link #step()} has returned 0. */
    public Dialed result() {
        Attempt current = requireAttempt();
        Startup done = requireStartup();
        Authenticator proof = authenticator;
        if (proof == null) {
            throw new IllegalStateException("nothing has been said yet");
        }
        return new Dialed(
                current.transport(),
                requireSession(),
                plan,
                current.endpoint(),
                done.result(),
                proof.method(),
                proof.usedPassword(),
                log.attempts(),
                Duration.ofNanos(time));
    }

    /** Returns the channel of the attempt under way. */
    public SocketChannel channel() {
        return requireAttempt().channel();
    }

    /** Returns until when, on the clock given, the attempt under way may take; {@link Long#MAX_VALUE} for no limit. */
    public long deadline() {
        long attemptEnds = plan.timeout() == null
                ? Long.MAX_VALUE
                : attemptStarted + plan.timeout().toNanos();
        return Math.min(attemptEnds, totalDeadline());
    }

    /** Gives the attempt under way up, because its time has passed. */
    public void timedOut() {
        if (nanoTime.getAsLong() >= totalDeadline()) {
            failed(outOfTime());
            giveUp();
        } else {
            failed(new IOException("no answer within " + DialFailure.text(plan.timeout())));
        }
    }

    private IOException outOfTime() {
        return new IOException("no connection within " + DialFailure.text(plan.totalTimeout()) + " in all");
    }

    private long totalDeadline() {
        return plan.totalTimeout() == null
                ? Long.MAX_VALUE
                : started + plan.totalTimeout().toNanos();
    }

    /** Leaves nobody to try. */
    private void giveUp() {
        target = SessionTarget.ANY;
        tlsTries.clear();
        endpoints.clear();
        hosts.clear();
    }

    /** Gives everything up. */
    public void close() {
        if (attempt != null) {
            attempt.close();
        }
    }

    /** Starts the next attempt; returns false if there is none. */
    private boolean begin() {
        while (true) {
            try {
                Endpoint next = nextEndpoint();
                if (next == null) {
                    return false;
                }
                endpoint = next;
                askForToken(next);
                attemptStarted = nanoTime.getAsLong();
                if (attemptStarted >= totalDeadline()) {
                    timedOut();
                    return false;
                }
                askingForTls = tlsTries.removeFirst();
                attempt = new Attempt(next, plan.tls(), plan.sockets(), askingForTls, log::enter);
                return true;
            } catch (UnknownHostException e) {
                unknown(requireHost(), e);
            } catch (IOException | ConfigException e) {
                failed(e);
            }
        }
    }

    private void unknown(DialPlan.Host host, UnknownHostException e) {
        String reason = DialFailure.reason(host, e);
        if (nanoTime.getAsLong() >= totalDeadline()) {
            giveUp();
            reason += "; " + outOfTime().getMessage();
        }
        log.failed(host, reason);
    }

    /** Gets the token for a server that has just told us where; it may take the time that its user needs. */
    private void askForToken(Endpoint server) {
        OAuthDiscovery found = discovered;
        if (found == null) {
            return;
        }
        discovered = null;
        log.enter(ConnectStep.Kind.TOKEN);
        oauthToken = plan.authentication().oauth().token(plan.user(), server.host(), found);
        if (oauthToken == null) {
            throw new ConfigException(null, "The source of OAuth tokens has none for the issuer at " + found.url());
        }
    }

    /** Returns the address to try next, another way with the same one included, or null. */
    private @Nullable Endpoint nextEndpoint() throws UnknownHostException {
        if (!tlsTries.isEmpty()) {
            return endpoint;
        }
        while (endpoints.isEmpty()) {
            DialPlan.Host host = hosts.pollFirst();
            if (host == null && plan.target() == SessionTarget.PREFER_STANDBY && target == SessionTarget.STANDBY) {
                target = SessionTarget.ANY;
                hosts.addAll(unwanted);
                host = hosts.pollFirst();
            }
            if (host == null) {
                return null;
            }
            dialledHost = host;
            if (host.isName()) {
                log.enter(ConnectStep.Kind.NAME_LOOKUP);
            }
            List<Endpoint> found = new ArrayList<>(plan.resolver().resolve(host));
            if (plan.shuffle()) {
                Collections.shuffle(found, ThreadLocalRandom.current());
            }
            endpoints.addAll(found);
            log.leave();
        }
        oauthToken = null;
        Endpoint next = endpoints.removeFirst();
        tlsTries.addAll(next.isUnix() ? List.of(false) : ways(plan.tls().policy()));
        return next;
    }

    private static List<Boolean> ways(TlsPolicy policy) {
        return switch (policy) {
            case DISABLE -> List.of(false);
            case ALLOW -> List.of(false, true);
            case PREFER -> List.of(true, false);
            case REQUIRE, VERIFY_CA, VERIFY_FULL -> List.of(true);
        };
    }

    /** Gives the attempt under way up for a reason of the caller's; the next {@link #step()} begins the next one. */
    public void failed(Exception reason) {
        Attempt tried = attempt;
        boolean secured = tried != null && tried.isSecured();
        boolean asked = authenticator != null && authenticator.askedForPassword();
        OAuthDiscovery found = authenticator == null ? null : authenticator.discovery();
        if (tried != null) {
            tried.close();
        }
        attempt = null;
        session = null;
        startup = null;
        authenticator = null;
        question = null;
        if (found != null && reason instanceof ServerException) {
            discovered = found;
            tlsTries.addFirst(askingForTls);
            log.leave();
            return;
        }
        if (reason instanceof UnwantedServerException && dialledHost != null && !unwanted.contains(dialledHost)) {
            unwanted.add(dialledHost);
        }
        PgException cause = reason instanceof PgException pg ? pg : null;
        log.failed(requireEndpoint(), secured, DialFailure.reason(reason), cause);
        if (DialFailure.otherWayMayHelp(reason, asked) && !tlsTries.isEmpty()) {
            return;
        }
        tlsTries.clear();
        if (!DialFailure.otherHostMayHelp(reason)) {
            giveUp();
        }
    }

    private DialPlan.Host requireHost() {
        if (dialledHost == null) {
            throw new IllegalStateException("no host has been looked up");
        }
        return dialledHost;
    }

    private Endpoint requireEndpoint() {
        if (endpoint == null) {
            throw new IllegalStateException("no address has been tried");
        }
        return endpoint;
    }

    private Attempt requireAttempt() {
        if (attempt == null) {
            throw new IllegalStateException("no attempt is under way");
        }
        return attempt;
    }

    private Session requireSession() {
        if (session == null) {
            throw new IllegalStateException("nothing has been said yet");
        }
        return session;
    }

    private Startup requireStartup() {
        if (startup == null) {
            throw new IllegalStateException("nothing has been said yet");
        }
        return startup;
    }
}
