// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/**
 * The warnings that a class logs until this is closed. A class of its own, because the checks that
 * run without Log4j load every test.
 */
public final class LogWarnings implements AutoCloseable {

  private final String logger;
  private final Texts texts = new Texts();

  private static final class Texts extends AbstractAppender {
    private final List<String> all = new CopyOnWriteArrayList<>();

    private Texts() {
      super("warnings", null, null, false, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      if (event.getLevel().equals(Level.WARN)) {
        all.add(event.getMessage().getFormattedMessage());
      }
    }
  }

  private LogWarnings(String logger) {
    this.logger = logger;
  }

  /** Begins to keep the warnings that the logger of this name gets. */
  public static LogWarnings of(String logger) {
    LogWarnings warnings = new LogWarnings(logger);
    Configurator.setLevel(logger, Level.WARN);
    warnings.texts.start();
    ((Logger) LogManager.getLogger(logger)).addAppender(warnings.texts);
    return warnings;
  }

  /** Returns the texts of the warnings so far. */
  public List<String> texts() {
    return List.copyOf(texts.all);
  }

  @Override
  public void close() {
    ((Logger) LogManager.getLogger(logger)).removeAppender(texts);
    Configurator.setLevel(logger, Level.ERROR);
  }
}
