package io.dimstore.bench.store;

import io.dimstore.stack.LocalStack;
import io.dimstore.stack.Server;
import java.util.List;
import java.util.Set;

/** A store and the plain clients beside it, on the same servers, with the rows loaded. */
interface Rig extends AutoCloseable {

  /** What can be measured, in the order in which it should be. */
  List<Operation> operations();

  @Override
  void close();

  /** The stores that can be measured. */
  enum Kind {
    HBASE_REDIS(
        "hbase-redis",
        Set.of(Server.HBASE, Server.REDIS),
        List.of("readHit", "readMiss", "dualWrite")),
    DYNAMODB("dynamodb", Set.of(Server.DYNAMODB), List.of("batchRead", "write")),
    SLOW_REDIS(
        "hbase-redis-slow",
        Set.of(Server.HBASE, Server.REDIS),
        List.of("slow10", "slow100", "slowTimeout"));

    private final String id;
    private final Set<Server> servers;
    private final List<String> operations;

    Kind(String id, Set<Server> servers, List<String> operations) {
      this.id = id;
      this.servers = servers;
      this.operations = operations;
    }

    String id() {
      return id;
    }

    Set<Server> servers() {
      return servers;
    }

    /** The names of what can be measured, in the order in which it is. */
    List<String> operations() {
      return operations;
    }

    /** Connects both sides and loads the rows. */
    Rig open(LocalStack stack, Workload workload) {
      return switch (this) {
        case HBASE_REDIS -> HBaseRedisRig.open(stack.hbase(), stack.redis(), workload);
        case SLOW_REDIS -> SlowRedisRig.open(stack.hbase(), stack.redis(), workload);
        case DYNAMODB -> DynamoDbRig.open(stack.dynamoDb(), workload);
      };
    }
  }
}
