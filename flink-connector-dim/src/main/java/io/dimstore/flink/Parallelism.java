package io.dimstore.flink;

import java.lang.reflect.Field;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.table.functions.FunctionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many subtasks a lookup has. Flink does not tell its table functions, but it knows. */
final class Parallelism {

  private static final Logger LOG = LoggerFactory.getLogger(Parallelism.class);

  private Parallelism() {}

  /** The number of subtasks of the operator that runs the function; 1 where that cannot be told. */
  static int of(FunctionContext context) {
    RuntimeContext runtime = null;
    try {
      for (Field field : FunctionContext.class.getDeclaredFields()) {
        if (field.getType() == RuntimeContext.class) {
          field.setAccessible(true);
          runtime = (@Nullable RuntimeContext) field.get(context);
        }
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("The context of a lookup keeps its parallelism to itself", e);
    }
    if (runtime == null) {
      LOG.warn(
          "The parallelism of a lookup is not known: each subtask uses the whole of what the options"
              + " of the store allow the job in a second");
      return 1;
    }
    return Math.max(1, runtime.getTaskInfo().getNumberOfParallelSubtasks());
  }
}
