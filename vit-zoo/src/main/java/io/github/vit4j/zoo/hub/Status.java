package io.github.vit4j.zoo.hub;

import io.github.vit4j.zoo.hub.HubException.Reason;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a status other than success means and what helps. */
final class Status {

  private Status() {}

  static Failure failure(Answer answer, TransferOptions options, Remedies remedies) {
    int status = answer.status();
    String why = "the server answered " + status + detail(answer);
    return switch (status) {
      case 401, 403, 407 -> {
        String remedy = status == 407 ? "the proxy wants credentials" : remedies.denied();
        yield fail(answer, Reason.DENIED, false, null, why, remedy);
      }
      case 404, 410 ->
          fail(answer, Reason.NOT_FOUND, false, null, why, "check the spelling of the address");
      case 408, 429, 500, 502, 503, 504 -> busy(answer, options, why, remedies);
      default ->
          fail(
              answer,
              Reason.NETWORK,
              status > 500,
              null,
              why,
              "the server or a proxy does not do what a file server does; try another mirror");
    };
  }

  private static Failure busy(
      Answer answer, TransferOptions options, String why, Remedies remedies) {
    Duration after = BackOff.retryAfter(answer.header("Retry-After").orElse(null), Instant.now());
    if (after != null && after.compareTo(options.longestWait()) > 0) {
      return fail(
          answer,
          Reason.NETWORK,
          false,
          after,
          why + " and wants to be asked again in " + after.toSeconds() + " s",
          "try again then" + remedies.limits());
    }
    String remedy =
        answer.status() == 429
            ? "try again later" + remedies.limits()
            : "the server has trouble; " + remedies.trouble();
    return fail(answer, Reason.NETWORK, true, after, why, remedy);
  }

  private static Failure fail(
      Answer answer,
      Reason reason,
      boolean again,
      @Nullable Duration after,
      String why,
      String remedy) {
    return Failure.status(reason, answer.status(), again, after, answer.address(), why, remedy);
  }

  /** The hub's own words, which come in a header. */
  private static String detail(Answer answer) {
    return answer
        .header("X-Error-Message")
        .or(() -> answer.header("X-Error-Code"))
        .map(text -> " (" + Shown.text(text) + ")")
        .orElse("");
  }
}
