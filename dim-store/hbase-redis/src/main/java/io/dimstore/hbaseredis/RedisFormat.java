package io.dimstore.hbaseredis;

/** How a table's entries stand in Redis. */
enum RedisFormat {
  /** A string of packed bytes. */
  PACKED(Scripts.LEASE, Scripts.SETTLE, Scripts.REMOVE),
  /** A hash with a field for each column, in text. */
  HASH(Scripts.LEASE_HASH, Scripts.SETTLE_HASH, Scripts.REMOVE_HASH),
  /** A string that is a JSON object. */
  JSON(Scripts.LEASE_JSON, Scripts.SETTLE_JSON, Scripts.REMOVE_JSON);

  private final Scripts lease;
  private final Scripts settle;
  private final Scripts remove;

  RedisFormat(Scripts lease, Scripts settle, Scripts remove) {
    this.lease = lease;
    this.settle = settle;
    this.remove = remove;
  }

  /** The script that takes leases where there is no entry of this format. */
  Scripts lease() {
    return lease;
  }

  /** The script that brings entries of this format in step. */
  Scripts settle() {
    return settle;
  }

  /** The script that removes entries of this format. */
  Scripts remove() {
    return remove;
  }
}
