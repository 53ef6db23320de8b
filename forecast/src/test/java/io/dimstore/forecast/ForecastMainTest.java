// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.cli.FailureReport;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class ForecastMainTest {

  @Test
  void unusableInputIsAFailureAndAMissingRateIsWrongUsage() {
    assertThat(ForecastMain.report(new UnusableInputException("table t has no rows")))
        .isEqualTo(FailureReport.failed("table t has no rows"));
    assertThat(ForecastMain.report(new ForecastException("--writes-per-second is missing")))
        .isEqualTo(FailureReport.usage("--writes-per-second is missing"));
  }

  @Test
  void failuresOfKafkaNameTheOptionsToCheck() {
    assertThat(ForecastMain.report(new TimeoutException("no answer")))
        .isEqualTo(FailureReport.failed("Kafka does not answer; check --bootstrap: no answer"));
    assertThat(ForecastMain.report(new InvalidTopicException("Topic 'a b' is invalid")))
        .isEqualTo(FailureReport.usage("--changes-topic: Topic 'a b' is invalid"));
    String settings =
        "Kafka's client cannot be used; check --bootstrap, --kafka-option and --kafka-config: ";
    assertThat(ForecastMain.report(new SaslAuthenticationException("wrong password")))
        .isEqualTo(FailureReport.failed(settings + "wrong password"));
    assertThat(
            ForecastMain.report(
                new KafkaException("Failed to construct", new ConfigException("no protocol"))))
        .isEqualTo(FailureReport.failed(settings + "no protocol"));
  }
}
