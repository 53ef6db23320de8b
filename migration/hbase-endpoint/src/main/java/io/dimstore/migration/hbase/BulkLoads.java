// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.io.HFileLink;
import org.apache.hadoop.hbase.io.hfile.CacheConfig;
import org.apache.hadoop.hbase.io.hfile.HFile;
import org.apache.hadoop.hbase.io.hfile.HFileScanner;
import org.apache.hadoop.hbase.shaded.protobuf.generated.WALProtos.BulkLoadDescriptor;
import org.apache.hadoop.hbase.shaded.protobuf.generated.WALProtos.StoreDescriptor;
import org.apache.hadoop.hbase.wal.WALEdit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the rows of bulk-loaded files. The log names the files only, so each is read where it lies:
 * in its region, or in the archive after a compaction. Thread-safe.
 */
final class BulkLoads {

  /**
   * A bulk-loaded file.
   *
   * @param region the encoded name of the region that it was loaded into
   */
  record LoadedFile(TableName table, String region, String family, String name, long writtenAt) {}

  /** Receives the cells of a file. */
  interface Receiver {
    void accept(Cell cell) throws InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(BulkLoads.class);

  private final Configuration configuration;
  private final FileSystem files;

  BulkLoads(Configuration configuration, FileSystem files) {
    this.configuration = configuration;
    this.files = files;
  }

  /** Returns whether a cell of the log describes a bulk load. */
  static boolean isBulkLoad(Cell cell) {
    return CellUtil.matchingColumn(cell, WALEdit.METAFAMILY, WALEdit.BULK_LOAD);
  }

  /** Returns the files that such a cell names. */
  static List<LoadedFile> files(TableName table, Cell cell, long writtenAt) throws IOException {
    BulkLoadDescriptor load = WALEdit.getBulkLoadDescriptor(cell);
    List<LoadedFile> loaded = new ArrayList<>();
    for (StoreDescriptor store : load.getStoresList()) {
      for (String file : store.getStoreFileList()) {
        loaded.add(
            new LoadedFile(
                table,
                load.getEncodedRegionName().toStringUtf8(),
                store.getFamilyName().toStringUtf8(),
                file,
                writtenAt));
      }
    }
    return loaded;
  }

  /**
   * Reads the cells of a file.
   *
   * @return false if the file no longer exists
   */
  boolean read(LoadedFile file, Receiver receiver) throws IOException, InterruptedException {
    HFileLink link =
        HFileLink.build(configuration, file.table(), file.region(), file.family(), file.name());
    while (true) {
      Path path;
      try {
        path = link.getAvailablePath(files);
      } catch (FileNotFoundException e) {
        return false;
      }
      try (HFile.Reader reader =
              HFile.createReader(files, path, CacheConfig.DISABLED, true, configuration);
          HFileScanner cells = reader.getScanner(configuration, false, false)) {
        if (cells.seekTo()) {
          do {
            receiver.accept(cells.getCell());
          } while (cells.next());
        }
        return true;
      } catch (FileNotFoundException e) {
        LOG.debug("{} was moved to the archive meanwhile", path, e);
      }
    }
  }
}
