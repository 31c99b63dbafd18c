package io.github.vit4j.zoo.hub;

import io.github.vit4j.zoo.hub.HubException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers, follows redirects by its own rules, and keeps the token to the one origin that it
 * belongs to. Makes no connection and no thread before the first request.
 */
final class HttpCaller implements AutoCloseable {

  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final String AGENT = "vit4j";

  private final TransferOptions options;
  private final @Nullable URI tokenOrigin;
  private final @Nullable String token;
  private @Nullable HttpClient client;
  private @Nullable ThreadPoolExecutor threads;
  private boolean closed;

  HttpCaller(TransferOptions options, @Nullable URI tokenOrigin, @Nullable String token) {
    this.options = options;
    this.tokenOrigin = tokenOrigin;
    this.token = token;
  }

  /** The answer at the end of all redirects. */
  Answer open(String method, URI address, Map<String, String> headers, Duration patience)
      throws Failure, InterruptedException {
    return open(method, address, headers, patience, answer -> false);
  }

  /** The answer at the end of all redirects, or the first redirect that is enough. */
  Answer open(
      String method,
      URI address,
      Map<String, String> headers,
      Duration patience,
      Predicate<Answer> isEnough)
      throws Failure, InterruptedException {
    URI at = address;
    for (int hops = 0; ; hops++) {
      Answer answer = ask(method, at, headers, patience);
      if (!answer.isRedirect() || isEnough.test(answer)) {
        return answer;
      }
      try (answer) {
        if (hops == options.redirects()) {
          throw Failure.lasting(
              Reason.NETWORK,
              address,
              "more than " + options.redirects() + " redirects came, most likely a loop",
              "the server or a proxy is set up wrongly; use another mirror");
        }
        at = Redirect.target(answer);
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    client = null;
    if (threads != null) {
      threads.shutdown();
    }
  }

  private Answer ask(String method, URI address, Map<String, String> headers, Duration patience)
      throws Failure, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("User-Agent", AGENT)
            .header("Accept-Encoding", "identity"); // a compressed length says nothing
    headers.forEach(request::header);
    if (token != null && tokenOrigin != null && Redirect.isSameOrigin(tokenOrigin, address)) {
      request.header("Authorization", "Bearer " + token);
    }
    // not HttpRequest.timeout: since Java 26 that covers the body, which may take hours
    CompletableFuture<HttpResponse<Body>> coming =
        client().sendAsync(request.build(), head -> new Body());
    boolean done = false;
    try {
      HttpResponse<Body> response = coming.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      done = true;
      return new Answer(address, response.statusCode(), response.headers(), response.body());
    } catch (TimeoutException e) {
      throw Failure.passing(address, "no answer came in " + patience.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw failure(address, e.getCause() == null ? e : e.getCause());
    } finally {
      if (!done) {
        coming.cancel(true);
      }
    }
  }

  private static Failure failure(URI address, Throwable cause) {
    String said = cause.getMessage();
    if (cause instanceof SSLException) {
      return Failure.lasting(
          Reason.NETWORK,
          address,
          "the secure connection failed: " + Shown.text(String.valueOf(said)),
          "if a proxy of your organisation opens secure connections, add its certificate to the"
              + " trust store (-Djavax.net.ssl.trustStore)",
          cause);
    }
    if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
      boolean unknown =
          cause instanceof UnknownHostException
              || cause.getCause() instanceof UnresolvedAddressException;
      String why = unknown ? "the host is not known" : "the connection was refused or not answered";
      return Failure.passing(address, why, cause);
    }
    if (cause instanceof IOException) {
      String why = said == null ? "the connection broke" : "the connection broke: " + said;
      return Failure.passing(address, Shown.text(why), cause);
    }
    return Failure.lasting(
        Reason.NETWORK,
        address,
        "the request could not be sent: " + cause.getClass().getSimpleName(),
        "check the address",
        cause);
  }

  private synchronized HttpClient client() {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    if (client == null) {
      threads =
          new ThreadPoolExecutor(
              0,
              Integer.MAX_VALUE,
              IDLE.toSeconds(),
              TimeUnit.SECONDS,
              new SynchronousQueue<>(),
              task -> {
                Thread thread = new Thread(task, "vit4j-download");
                thread.setDaemon(true);
                return thread;
              });
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(ProxySelector.getDefault())
              .executor(threads)
              .build();
    }
    return client;
  }
}
