// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import io.dimstore.dynamodb.internal.encoding.ItemSize;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementError;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementErrorCodeEnum;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;

/**
 * The capacity units that the service charges for a request.
 *
 * @param units read or write capacity units
 * @param computed true if the units were computed by the rules of the documentation, because the
 *     service did not report them
 */
public record ConsumedUnits(double units, boolean computed) {

  public static final ConsumedUnits NOTHING = new ConsumedUnits(0, false);

  /** Returns the units that the service reported, summed up. */
  public static ConsumedUnits measured(List<ConsumedCapacity> reported) {
    double units = 0;
    for (ConsumedCapacity of : reported) {
      units += unitsOf(of);
    }
    return new ConsumedUnits(units, false);
  }

  /**
   * Returns the units that the service reported for a write; without a report, the units of an item
   * of this size.
   */
  public static ConsumedUnits write(ConsumedCapacity reported, int bytes) {
    double units = unitsOf(reported);
    return units > 0
        ? new ConsumedUnits(units, false)
        : new ConsumedUnits(ItemSize.writeUnits(bytes), true);
  }

  /**
   * Returns the units that the service reported for statements; without a report, the units that it
   * charges by its documentation. It charges the larger one of the old and the new item, also for a
   * statement whose condition did not hold, and nothing for a statement that failed otherwise. The
   * old item is known only for a failed condition.
   *
   * @param bytes the size of the item that each statement writes
   */
  public static ConsumedUnits statements(BatchExecuteStatementResponse answer, int[] bytes) {
    ConsumedUnits reported = measured(answer.consumedCapacity());
    if (reported.units > 0 || answer.responses().size() != bytes.length) {
      return reported;
    }
    double units = 0;
    for (int i = 0; i < bytes.length; i++) {
      BatchStatementError error = answer.responses().get(i).error();
      if (error == null || error.code() == BatchStatementErrorCodeEnum.DUPLICATE_ITEM) {
        units += ItemSize.writeUnits(bytes[i]);
      } else if (error.code() == BatchStatementErrorCodeEnum.CONDITIONAL_CHECK_FAILED) {
        units += ItemSize.writeUnits(Math.max(bytes[i], ItemSize.of(error.item())));
      }
    }
    return new ConsumedUnits(units, true);
  }

  private static double unitsOf(ConsumedCapacity consumed) {
    Double units = consumed == null ? null : consumed.capacityUnits();
    return units == null ? 0 : units;
  }
}
