package dev.howdah.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.howdah.replication.Finding.Check;
import dev.howdah.replication.Finding.Severity;
import java.util.List;

/** What tests of a preflight ask of its findings. */
final class Findings {

    private Findings() {}

    static List<Finding> of(List<Finding> found, Check check) {
        return found.stream().filter(finding -> finding.check() == check).toList();
    }

    static Finding only(List<Finding> found, Check check) {
        assertThat(of(found, check)).hasSize(1);
        return of(found, check).getFirst();
    }

    static void assertFinding(List<Finding> found, Severity severity, Check check, String subject, String... facts) {
        Finding finding = only(found, check);
        assertThat(finding.severity()).as(finding.toString()).isEqualTo(severity);
        assertThat(finding.subject()).isEqualTo(subject);
        assertThat(finding.message()).endsWith(".");
        for (String fact : facts) {
            assertThat(finding.message()).contains(fact);
        }
        if (severity.compareTo(Severity.WARNING) <= 0) {
            assertThat(finding.advice()).isNotNull();
        }
    }
}
