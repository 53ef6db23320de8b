// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.dimstore.hbaseredis.fixture.Failing;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.process.ServerGroup;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An HBase that requires Kerberos, and a key distribution center. The client of HBase supports one
 * authentication method per process, so no other test may run in this process.
 */
@Tag("kerberos")
class KerberosIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("redis");

  /** Threads that come and go independently of the store. */
  private static final int SLACK = 4;

  private static final String REALM = "DIMSTORE.TEST";
  private static final String HBASE = "hbase/localhost@" + REALM;
  private static final String USER = "dim@" + REALM;

  private static ServerGroup group;
  private static SimpleKdcServer kdc;
  private static Path site;
  private static File keytab;
  private static File otherKeytab;
  private static HBaseRedisHarness servers;
  private static String krb5;

  @BeforeAll
  static void start() throws Exception {
    group = ServerGroup.create();
    krb5 = System.getProperty("java.security.krb5.conf");
    Path folder = Files.createDirectories(group.folder().resolve("kdc"));
    kdc = new SimpleKdcServer();
    kdc.setWorkDir(folder.toFile());
    kdc.setKdcRealm(REALM);
    kdc.setKdcHost("localhost");
    kdc.setAllowUdp(false);
    kdc.setAllowTcp(true);
    kdc.setKdcTcpPort(group.freePort());
    kdc.init();
    kdc.start();
    keytab = keytab(folder, "dim.keytab", USER);
    otherKeytab = keytab(folder, "other.keytab", "other@" + REALM);
    File hbaseKeytab = keytab(folder, "hbase.keytab", HBASE);
    System.setProperty("java.security.krb5.conf", folder.resolve("krb5.conf").toString());

    Path conf = Files.createDirectories(group.folder().resolve("conf"));
    Map<String, String> secure = new TreeMap<>();
    secure.put("hadoop.security.authentication", "kerberos");
    secure.put("hadoop.security.auth_to_local", "RULE:[1:$1] RULE:[2:$1]");
    write(conf.resolve("core-site.xml"), secure);
    int port = group.freePort();
    secure.put("hbase.security.authentication", "kerberos");
    secure.put("hbase.master.kerberos.principal", HBASE);
    secure.put("hbase.regionserver.kerberos.principal", HBASE);
    secure.put("hbase.zookeeper.quorum", "localhost");
    secure.put("hbase.zookeeper.property.clientPort", Integer.toString(port));
    site = group.folder().resolve("client-site.xml");
    write(site, secure);
    secure.put("hbase.master.keytab.file", hbaseKeytab.toString());
    secure.put("hbase.regionserver.keytab.file", hbaseKeytab.toString());
    write(conf.resolve("hbase-site.xml"), secure);

    String realm = "-Djava.security.krb5.conf=" + folder.resolve("krb5.conf");
    servers = new HBaseRedisHarness(OwnHBase.start(group, port, conf, realm), stack.redis());
  }

  private static File keytab(Path folder, String name, String principal) throws Exception {
    File file = folder.resolve(name).toFile();
    kdc.createPrincipal(principal, "secret of " + principal);
    kdc.exportPrincipal(principal, file);
    return file;
  }

  private static void write(Path file, Map<String, String> settings) throws IOException {
    Configuration xml = new Configuration(false);
    settings.forEach(xml::set);
    try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      xml.writeXml(out);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    // Hadoop keeps its authentication method for the whole process.
    UserGroupInformation.reset();
    if (krb5 == null) {
      System.clearProperty("java.security.krb5.conf");
    } else {
      System.setProperty("java.security.krb5.conf", krb5);
    }
    group.close();
    kdc.stop();
  }

  @Test
  void storeLogsInOnlyForItself() throws Exception {
    try (Users users = Users.open(servers, options(USER, keytab)).created()) {
      users.write(Users.user("a", "NL", 1, 1));
      users.warm("a");
      assertThat(users.get("a")).isEqualTo(Users.user("a", "NL", 1, 1));
      assertThat(UserGroupInformation.getCurrentUser().getUserName()).isNotEqualTo(USER);
    }
    HBaseShell.await("no thread left", Users::noThreads);
  }

  /** Each opening has a login of its own and a thread that renews its ticket. */
  @Test
  void openingAndClosingOftenLeaksNothing() {
    Map<String, String> options = options(USER, keytab);
    for (int i = 0; i < 2; i++) {
      openUseClose(options);
    }
    HBaseShell.await("no thread left", Users::noThreads);
    int threads = Thread.getAllStackTraces().size();
    long files = openFiles();
    for (int i = 0; i < 8; i++) {
      openUseClose(options);
    }
    HBaseShell.await(
        "no more than " + threads + " threads and " + files + " files and connections",
        () -> Thread.getAllStackTraces().size() <= threads + SLACK && openFiles() <= files + SLACK);
  }

  private static void openUseClose(Map<String, String> options) {
    try (Users users = Users.open(servers, options)) {
      Users.await(users.store().ping());
    }
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  @Test
  void withoutTicketHBaseDeniesAccess() {
    Map<String, String> options = Map.of("hbase-site", site.toString(), "deadline", "15 s");
    try (Users users = Users.open(servers, options)) {
      Failing.with(users.store().ping(), Kind.DENIED, "'kerberos.principal'");
    }
  }

  @Test
  void keytabOfAnotherPrincipalIsReported() {
    try (Users users = Users.open(servers, options(USER, otherKeytab))) {
      Failing.with(users.store().ping(), Kind.DENIED, "'kerberos.keytab'", otherKeytab.getName());
    }
  }

  private static Map<String, String> options(String principal, File keytab) {
    return Map.of(
        "hbase-site",
        site.toString(),
        "kerberos.principal",
        principal,
        "kerberos.keytab",
        keytab.toString());
  }
}
