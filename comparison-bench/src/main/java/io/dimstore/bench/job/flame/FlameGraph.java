// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job.flame;

import io.dimstore.bench.measure.ThreadUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Draws the CPU samples of a recording of the JDK's flight recorder as an SVG. Each box is a
 * method, as wide as its share of the samples; the methods that it called are above it, in
 * alphabetical order. The lowest boxes are the groups of threads of {@link ThreadUsage}. The
 * picture needs no script; a box shows its name and its share when the mouse is on it.
 */
public final class FlameGraph {

  private static final String SAMPLE = "jdk.ExecutionSample";
  private static final int WIDTH = 1_200;
  private static final int ROW = 17;
  private static final int MARGIN = 10;
  private static final int HEADER = 46;

  /** Boxes narrower than this many pixels are left out. */
  private static final double LEAST_WIDTH = 0.8;

  private static final double LETTER_WIDTH = 6.3;

  private final StackTree root;
  private final StringBuilder svg = new StringBuilder();
  private final int height;

  private FlameGraph(StackTree root) {
    this.root = root;
    long least = (long) Math.ceil(root.samples() * LEAST_WIDTH / WIDTH);
    this.height = HEADER + (root.depth(Math.max(1, least)) + 1) * ROW + MARGIN;
  }

  /**
   * Writes the picture of a part of a recording.
   *
   * @param from samples before this time are left out
   * @param title the line above it; the number of samples is added
   * @return the number of samples
   */
  public static long write(Path recording, Instant from, String title, Path svg)
      throws IOException {
    StackTree root = new StackTree();
    try (RecordingFile events = new RecordingFile(recording)) {
      while (events.hasMoreEvents()) {
        RecordedEvent event = events.readEvent();
        RecordedStackTrace stack = event.getStackTrace();
        if (event.getEventType().getName().equals(SAMPLE)
            && stack != null
            && !event.getStartTime().isBefore(from)) {
          root.add(frames(event.getThread("sampledThread"), stack));
        }
      }
    }
    Files.writeString(svg, of(root, title));
    return root.samples();
  }

  static String of(StackTree root, String title) {
    return new FlameGraph(root).draw(title);
  }

  private static List<String> frames(RecordedThread thread, RecordedStackTrace stack) {
    List<String> frames = new ArrayList<>();
    for (RecordedFrame frame : stack.getFrames()) {
      frames.add(frame.getMethod().getType().getName() + "." + frame.getMethod().getName());
    }
    String name = thread == null ? null : thread.getJavaName();
    frames.add(ThreadUsage.groupOf(name == null ? "" : name));
    Collections.reverse(frames);
    return frames;
  }

  private String draw(String title) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"monospace\""
            + " font-size=\"11\">%n",
        WIDTH + 2 * MARGIN, height);
    add("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n");
    add(
        "<text x=\"%d\" y=\"18\" font-size=\"14\" fill=\"#222222\">%s: %,d samples</text>%n",
        MARGIN, escaped(title), root.samples());
    int at = MARGIN;
    for (Owner owner : Owner.values()) {
      add(
          "<rect x=\"%d\" y=\"26\" width=\"11\" height=\"11\" fill=\"%s\"/>"
              + "<text x=\"%d\" y=\"36\" fill=\"#222222\">%s</text>%n",
          at, owner.color, at + 15, owner.text);
      at += 15 + (int) ((owner.text.length() + 2) * LETTER_WIDTH);
    }
    if (root.samples() > 0) {
      callees(root, 0, MARGIN);
    }
    return add("</svg>%n").toString();
  }

  private void callees(StackTree parent, int depth, double left) {
    double x = left;
    for (Map.Entry<String, StackTree> callee : parent.callees().entrySet()) {
      double width = (double) WIDTH * callee.getValue().samples() / root.samples();
      if (width >= LEAST_WIDTH) {
        box(callee.getKey(), callee.getValue(), depth, x, width);
        callees(callee.getValue(), depth + 1, x);
      }
      x += width;
    }
  }

  private void box(String name, StackTree frame, int depth, double x, double width) {
    int y = height - MARGIN - (depth + 1) * ROW;
    add(
        "<g><title>%s: %,d samples, %.1f %%</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\""
            + " height=\"%d\" rx=\"1\" fill=\"%s\"/>",
        escaped(name),
        frame.samples(),
        100.0 * frame.samples() / root.samples(),
        x,
        y,
        Math.max(0.5, width - 0.5),
        ROW - 1,
        Owner.of(name).color);
    String text = fitting(name, (int) ((width - 6) / LETTER_WIDTH));
    if (!text.isEmpty()) {
      add(
          "<text x=\"%.1f\" y=\"%d\" fill=\"#111111\">%s</text>",
          x + 3, y + ROW - 5, escaped(text));
    }
    add("</g>%n");
  }

  /** Returns the class and method, without the package, if there is room for a part of them. */
  private static String fitting(String name, int letters) {
    int method = name.lastIndexOf('.');
    String text = method < 0 ? name : name.substring(name.lastIndexOf('.', method - 1) + 1);
    if (letters < 3) {
      return "";
    }
    return text.length() <= letters ? text : text.substring(0, letters - 1) + "…";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private StringBuilder add(String format, Object... values) {
    return svg.append(String.format(Locale.ROOT, format, values));
  }

  /** Whose code a frame is. */
  private enum Owner {
    DIMSTORE("dimstore", "#e8a33d"),
    FLINK("Flink", "#e2725b"),
    KAFKA("Kafka", "#8fb35c"),
    CLIENTS("clients of the stores", "#5aa6c4"),
    OTHERS("JDK and others", "#c9c9c9");

    private final String text;
    private final String color;

    Owner(String text, String color) {
      this.text = text;
      this.color = color;
    }

    private static Owner of(String frame) {
      if (frame.startsWith("io.dimstore.")) {
        return DIMSTORE;
      }
      if (frame.startsWith("org.apache.flink.") || isGenerated(frame)) {
        return FLINK;
      }
      if (frame.startsWith("org.apache.kafka.")) {
        return KAFKA;
      }
      for (String prefix :
          List.of("software.amazon.", "io.netty.", "org.apache.h", "redis.clients.", "org.h2.")) {
        if (frame.startsWith(prefix)) {
          return CLIENTS;
        }
      }
      return OTHERS;
    }

    /** Flink compiles the operators of a query to classes without a package. */
    private static boolean isGenerated(String frame) {
      int dot = frame.indexOf('.');
      return dot > 0 && dot == frame.lastIndexOf('.');
    }
  }
}
