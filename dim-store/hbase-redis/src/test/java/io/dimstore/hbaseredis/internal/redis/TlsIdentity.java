// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A key and its self-signed certificate.
 *
 * @param store both, as PKCS #12
 * @param certificate only the certificate, as PEM
 */
public record TlsIdentity(Path store, Path certificate) {

  public static final String PASSWORD = "key$tore-s3cret";

  /**
   * Creates an identity.
   *
   * @param kind the type of the key, such as EC
   * @param subject the subject alternative name of the certificate, such as {@code dns:localhost}
   */
  public static TlsIdentity of(Path folder, String kind, String subject) throws Exception {
    Path base = Files.createTempDirectory(folder, "tls");
    Path store = base.resolve("store.p12");
    Path certificate = base.resolve("certificate.pem");
    keytool(
        "-genkeypair -alias s -validity 2 -storetype PKCS12 -dname CN=test"
            + (" -keyalg " + kind)
            + (" -ext SAN=" + subject),
        store);
    keytool("-exportcert -rfc -alias s -file " + certificate, store);
    return new TlsIdentity(store, certificate);
  }

  private static void keytool(String words, Path store) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(words.split(" ")));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(said);
    }
  }

  /** Returns a file with only the key, as PEM. */
  public Path key() throws Exception {
    return write("key.pem", "PRIVATE KEY", privateKey().getEncoded());
  }

  /** Returns a file with the key as PEM, encrypted with the password. */
  public Path encryptedKey() throws Exception {
    String cipher = "PBEWithHmacSHA256AndAES_256";
    Cipher sealing = Cipher.getInstance(cipher);
    sealing.init(
        Cipher.ENCRYPT_MODE,
        SecretKeyFactory.getInstance(cipher).generateSecret(new PBEKeySpec(PASSWORD.toCharArray())),
        new PBEParameterSpec(new byte[16], 10_000));
    byte[] sealed = sealing.doFinal(privateKey().getEncoded());
    // EncryptedPrivateKeyInfo of RFC 5958, with the object identifier of PBES2.
    byte[] pbes2 = HexFormat.of().parseHex("06092a864886f70d01050d");
    byte[] algorithm = der(0x30, pbes2, sealing.getParameters().getEncoded());
    return write("encrypted.pem", "ENCRYPTED PRIVATE KEY", der(0x30, algorithm, der(0x04, sealed)));
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    byte[] length = ByteBuffer.allocate(2).putShort((short) content.size()).array();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(new byte[] {(byte) tag, (byte) 0x82});
    all.writeBytes(length);
    all.writeBytes(content.toByteArray());
    return all.toByteArray();
  }

  /** Returns a file with key and certificate. */
  public Path pem() throws Exception {
    String both = Files.readString(key()) + Files.readString(certificate);
    return Files.writeString(store.resolveSibling("both.pem"), both);
  }

  private PrivateKey privateKey() throws Exception {
    return (PrivateKey) load().getKey("s", PASSWORD.toCharArray());
  }

  /** Writes a file, beside the others, with one PEM block. */
  Path write(String name, String label, byte[] der) throws IOException {
    String text =
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
    return Files.writeString(store.resolveSibling(name), text);
  }

  /**
   * Returns the context of a server that presents this identity.
   *
   * @param client the client identity that the server trusts, null if it requires none
   */
  SSLContext context(@Nullable TlsIdentity client) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(load(), PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    if (client != null) {
      trusted.setCertificateEntry("client", client.load().getCertificate("s"));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), client == null ? null : trust.getTrustManagers(), null);
    return context;
  }

  private KeyStore load() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }
}
