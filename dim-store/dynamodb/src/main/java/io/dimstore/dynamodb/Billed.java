package io.dimstore.dynamodb;

import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementError;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementErrorCodeEnum;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;

/**
 * What the service bills for a request.
 *
 * @param units read or write units
 * @param computed whether they follow from the documentation: the service did not say
 */
record Billed(double units, boolean computed) {

  static final Billed NOTHING = new Billed(0, false);

  /** What the service says. */
  static Billed measured(List<ConsumedCapacity> said) {
    double units = 0;
    for (ConsumedCapacity of : said) {
      units += unitsOf(of);
    }
    return new Billed(units, false);
  }

  /** What the service says of a write, or the units of an item of this size where it is silent. */
  static Billed write(ConsumedCapacity said, int bytes) {
    double units = unitsOf(said);
    return units > 0 ? new Billed(units, false) : new Billed(ItemSize.writeUnits(bytes), true);
  }

  /**
   * What the service says of statements, or else what it bills by its documentation: the larger one
   * of the item before and after, so far as the item before is known, also where the condition did
   * not hold; nothing for a statement that failed otherwise.
   *
   * @param bytes the size of the item that each statement writes
   */
  static Billed statements(BatchExecuteStatementResponse answer, int[] bytes) {
    Billed said = measured(answer.consumedCapacity());
    if (said.units > 0 || answer.responses().size() != bytes.length) {
      return said;
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
    return new Billed(units, true);
  }

  private static double unitsOf(ConsumedCapacity consumed) {
    Double units = consumed == null ? null : consumed.capacityUnits();
    return units == null ? 0 : units;
  }
}
