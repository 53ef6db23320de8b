// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.deadletter;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * Fails a job permanently because of a row that cannot be written. Flink does not restart the job,
 * whatever its restart strategy, because the same row would fail it again.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class InvalidRowException extends IOException {

  private static final long serialVersionUID = 1L;

  public InvalidRowException(String message) {
    super(message);
  }
}
