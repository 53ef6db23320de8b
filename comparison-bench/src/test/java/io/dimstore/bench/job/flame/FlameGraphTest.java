// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job.flame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class FlameGraphTest {

  @Test
  void boxIsAsWideAsItsShareAndStandsOnItsCaller() throws Exception {
    StackTree root = new StackTree();
    for (int i = 0; i < 3; i++) {
      root.add(List.of("job", "io.dimstore.A.outer", "io.dimstore.A.<init>"));
    }
    root.add(List.of("kafka", "org.apache.kafka.B.poll"));

    List<Box> boxes = boxes(FlameGraph.of(root, "a & b"));

    assertThat(boxes)
        .extracting(Box::title)
        .containsExactly(
            "job: 3 samples, 75.0 %",
            "io.dimstore.A.outer: 3 samples, 75.0 %",
            "io.dimstore.A.<init>: 3 samples, 75.0 %",
            "kafka: 1 samples, 25.0 %",
            "org.apache.kafka.B.poll: 1 samples, 25.0 %");
    Box job = boxes.get(0);
    Box outer = boxes.get(1);
    Box kafka = boxes.get(3);
    assertThat(job.width()).isBetween(2.9 * kafka.width(), 3.1 * kafka.width());
    assertThat(outer.x()).isEqualTo(job.x());
    assertThat(outer.y()).isLessThan(job.y());
    assertThat(kafka.y()).isEqualTo(job.y());
    assertThat(kafka.x()).isGreaterThanOrEqualTo(job.x() + job.width());
  }

  @Test
  void framesThatAreTooNarrowToSeeAreLeftOut() throws Exception {
    StackTree root = new StackTree();
    root.add(List.of("job", "rare.Frame.once"));
    for (int i = 0; i < 5_000; i++) {
      root.add(List.of("job"));
    }
    assertThat(boxes(FlameGraph.of(root, "t"))).extracting(Box::title).hasSize(1);
  }

  @Test
  void recordingWithoutSamplesIsAnEmptyPicture() throws Exception {
    assertThat(boxes(FlameGraph.of(new StackTree(), "t"))).isEmpty();
  }

  @Test
  void methodsOfARecordingAreInItsPicture(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("own.jfr");
    Path svg = folder.resolve("own.svg");
    long samples = 0;
    // A busy machine may not run this thread while the recorder takes its samples.
    for (int attempt = 0; attempt < 100 && samples == 0; attempt++) {
      try (Recording recording = new Recording()) {
        recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
        recording.start();
        long end = System.nanoTime() + Duration.ofMillis(200).toNanos();
        while (System.nanoTime() < end) {
          Thread.onSpinWait();
        }
        recording.stop();
        recording.dump(file);
      }
      samples = FlameGraph.write(file, Instant.EPOCH, "own", svg);
    }
    assertThat(Files.readString(svg))
        .contains("io.dimstore.bench.job.flame.FlameGraphTest.methodsOfARecordingAreInItsPicture");
  }

  private record Box(String title, double x, double y, double width) {}

  private static List<Box> boxes(String svg) throws Exception {
    NodeList groups =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
            .getElementsByTagName("g");
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < groups.getLength(); i++) {
      Element group = (Element) groups.item(i);
      Element rect = (Element) group.getElementsByTagName("rect").item(0);
      boxes.add(
          new Box(
              group.getElementsByTagName("title").item(0).getTextContent(),
              Double.parseDouble(rect.getAttribute("x")),
              Double.parseDouble(rect.getAttribute("y")),
              Double.parseDouble(rect.getAttribute("width"))));
    }
    return boxes;
  }
}
