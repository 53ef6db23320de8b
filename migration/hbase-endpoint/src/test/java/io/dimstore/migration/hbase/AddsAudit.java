// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.Mutation;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.coprocessor.ObserverContext;
import org.apache.hadoop.hbase.coprocessor.RegionCoprocessor;
import org.apache.hadoop.hbase.coprocessor.RegionCoprocessorEnvironment;
import org.apache.hadoop.hbase.coprocessor.RegionObserver;
import org.apache.hadoop.hbase.regionserver.MiniBatchOperationInProgress;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * A coprocessor that writes: with each put of row {@code observed} it puts row {@code added} with
 * the same value of {@code f:a}, and with each put of row {@code timeless} it puts row {@code
 * added} without a timestamp.
 */
public final class AddsAudit implements RegionCoprocessor, RegionObserver {

  /** Called by the region server. */
  public AddsAudit() {}

  @Override
  public Optional<RegionObserver> getRegionObserver() {
    return Optional.of(this);
  }

  @Override
  public void preBatchMutate(
      ObserverContext<RegionCoprocessorEnvironment> context,
      MiniBatchOperationInProgress<Mutation> changes) {
    for (int i = 0; i < changes.size(); i++) {
      Mutation change = changes.getOperation(i);
      String row = Bytes.toString(change.getRow());
      if (change instanceof Put put && Set.of("observed", "timeless").contains(row)) {
        byte[] added = Bytes.toBytes("added");
        Put second = row.equals("observed") ? new Put(added, put.getTimestamp()) : new Put(added);
        byte[] value = CellUtil.cloneValue(put.get(CarriedTables.F, CarriedTables.A).get(0));
        changes.addOperationsFromCP(
            i, new Mutation[] {second.addColumn(CarriedTables.F, CarriedTables.A, value)});
      }
    }
  }
}
