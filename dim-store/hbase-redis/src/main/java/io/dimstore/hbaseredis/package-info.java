/**
 * The legacy path: HBase holds the truth, Redis a copy that a guard and leases keep in step. Only
 * {@link io.dimstore.hbaseredis.HBaseRedisStoreFactory} is public; everything else is found through
 * the SPI. {@code docs/storage-format.md} has the bytes that are written.
 *
 * <h2>Concepts, and where they are</h2>
 *
 * From the store down to the bytes. {@link HBaseRedisOptions}, {@link Meter} and {@link Failures},
 * the one place where a server's failure becomes ours, are for all.
 *
 * <ul>
 *   <li><b>The store.</b> {@link HBaseRedisStore} owns the connections, and puts each {@link
 *       HBaseRedisTable} together. {@link Background} and {@link Upkeep} are the work that no
 *       caller waits for; {@link TableAdmin} makes and validates tables by {@link TableRules},
 *       which {@link SettingsWatch} checks again while a table is used. {@link HBaseClock} is the
 *       clock that dates are taken from.
 *   <li><b>Reading.</b> {@link ReadThrough} is the way of a read and the place to begin; {@link
 *       ReadCall} is what one caller asked for, {@link MissShare} chooses whether leases are taken
 *       first. {@link Scanner} and {@link SplitToken} are scans.
 *   <li><b>Writing.</b> {@link DualWrite} is the way of a write; {@link ChangeEncoder} makes of
 *       each change a {@link Prepared}, {@link CheckedRows} writes rows under a condition. {@link
 *       Purger} forgets tombstones.
 *   <li><b>Staying in step.</b> {@link Marks} say what is pending for Redis. {@link Repairer}
 *       reconciles them in passes that follow each other in {@link Turns}, one process at a time by
 *       its {@link ReconcilerLease}; a {@link Reconciler} does a step. {@link EntryTrust} says
 *       which servers a table may read from, {@link Recoveries} and {@link Schedule} when it tries
 *       again. {@link Checker} compares the two, by {@link CheckToken}, {@link BothCopies}, {@link
 *       Comparison} and {@link Confirmation}.
 *   <li><b>The truth: rows in HBase.</b> {@link Truth} reads and writes them, {@link RowGets} says
 *       what is asked for, {@link RowDecoder} and {@link StateCell} what it means; {@link Answers}
 *       refuses what is about something else. {@link HBaseClient}, a way to {@link HBaseTables},
 *       {@link HBaseSettings} and {@link HBaseLogin} are the connection.
 *   <li><b>The copy: entries in Redis.</b> {@link RedisCopy} reads, leases, fills and replaces
 *       them, by {@link EntryScripts}, each run as a {@link ScriptCall}; what runs inside Redis is
 *       {@link Scripts}, which begin with {@link Lua}. {@link Reign} says which entries may be
 *       believed, {@link RedisNames} what their keys are called.
 *   <li><b>What an entry looks like.</b> {@link EntryCodec} is the packed form that everything
 *       above deals in. {@link RedisForm} translates it to the table's {@link RedisFormat}: {@link
 *       TextEntries} are JSON and hashes, of {@link EntryFields}. {@link Stored} is what either
 *       copy holds for a key.
 *   <li><b>The way to Redis.</b> {@link RedisServers} is {@link RedisMaster}, or {@link
 *       RedisCluster} with {@link ClusterBatch}, {@link ClusterTopology} and {@link ClusterSlots}.
 *       Below, {@link RedisLanes} are the connections to one server: a {@link RedisLane} carries
 *       each {@link RedisRequest} with its {@link RedisCommand} over a {@link RedisConnection}, if
 *       its {@link Demand} allows. {@link QueueRoom} bounds what waits, {@link RedisTimer} ends it
 *       in time, and a {@link Breaker} for each server, all of them {@link Breakers}, says whether
 *       it is asked at all, by failures and {@link SlowAnswers}. {@link RedisSetup} is common.
 *       {@link RedisLogin}, {@link RedisTls}, {@link PemKeyStore} and {@link RedisSockets} open it.
 *   <li><b>Encodings.</b> {@link Layout} says where a table's rows lie: {@link RowKeys} with {@link
 *       RowKeyCodec}, and a {@link Slot} for each column. Values have a {@link CellCodec} in HBase,
 *       a {@link PackedCodec} in packed entries, a {@link TextCodec} with {@link NestedTextCodec}
 *       in readable ones; {@link ByteSink}, {@link ByteSource} and {@link Utf8} are the bytes.
 * </ul>
 */
@NullMarked
package io.dimstore.hbaseredis;

import org.jspecify.annotations.NullMarked;
