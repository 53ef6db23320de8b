// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import java.util.UUID;
import org.apache.hadoop.hbase.replication.BaseReplicationEndpoint;

/** The endpoint of somebody else's peer: it takes all changes, and does nothing with them. */
public final class OtherEndpoint extends BaseReplicationEndpoint {

  private final UUID id = UUID.randomUUID();

  /** For HBase. */
  public OtherEndpoint() {}

  @Override
  public UUID getPeerUUID() {
    return id;
  }

  @Override
  public boolean replicate(ReplicateContext context) {
    return true;
  }

  @Override
  public void start() {
    startAsync();
  }

  @Override
  public void stop() {
    stopAsync();
  }

  @Override
  protected void doStart() {
    notifyStarted();
  }

  @Override
  protected void doStop() {
    notifyStopped();
  }
}
