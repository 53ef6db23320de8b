// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faultpage;

import java.util.ArrayList;
import java.util.List;

/** One cell of the fault matrix. */
record Cell(String server, String fault, String operation, String load) {

  static final List<String> SERVERS =
      List.of("HBase", "ZooKeeper and HMaster", "Redis", "DynamoDB", "Kafka");

  static final List<String> FAULTS =
      List.of(
          "down",
          "slow",
          "frozen",
          "half-open",
          "one-way",
          "late delivery",
          "full",
          "restarted empty",
          "failed over",
          "clock skew",
          "region moved",
          "region split",
          "region merged",
          "zombie region server",
          "BUSY",
          "MISCONF",
          "NOREPLICAS",
          "LOADING",
          "READONLY",
          "TRYAGAIN",
          "CLUSTERDOWN");

  static final List<String> OPERATIONS = List.of("get", "write", "scan", "feed", "repair", "purge");

  static final List<String> LOADS = List.of("idle", "busy");

  /** Returns all cells. */
  static List<Cell> all() {
    List<Cell> all = new ArrayList<>();
    for (String server : SERVERS) {
      for (String fault : FAULTS) {
        for (String operation : OPERATIONS) {
          for (String load : LOADS) {
            all.add(new Cell(server, fault, operation, load));
          }
        }
      }
    }
    return all;
  }
}
