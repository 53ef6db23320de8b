// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

import io.dimstore.jobs.JobException;
import org.jspecify.annotations.Nullable;

/** Reports what ended the demo before its end. */
final class DemoException extends JobException {

  private static final long serialVersionUID = 1L;

  DemoException(String message) {
    this(message, null);
  }

  DemoException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
