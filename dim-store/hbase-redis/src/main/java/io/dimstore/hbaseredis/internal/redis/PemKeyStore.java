// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads a certificate, its chain and its private key from PEM files (RFC 7468). The key must be
 * PKCS #8 (RFC 5958), encrypted or not.
 */
final class PemKeyStore {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA");

  private PemKeyStore() {}

  /** Whether all files are PEM. */
  static boolean isPem(List<byte[]> files) {
    return files.stream().allMatch(file -> text(file).contains("-----BEGIN "));
  }

  /**
   * Reads files that together contain one private key and its certificate, followed by the rest of
   * the chain.
   *
   * @param password decrypts the key if it is encrypted, and protects the result
   * @throws GeneralSecurityException if something is missing or cannot be used; the message states
   *     what, without secrets
   */
  static KeyStore of(List<byte[]> files, char[] password)
      throws IOException, GeneralSecurityException {
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    List<Certificate> chain = new ArrayList<>();
    PrivateKey key = null;
    for (byte[] file : files) {
      Matcher block = BLOCK.matcher(text(file));
      while (block.find()) {
        byte[] der = Base64.getMimeDecoder().decode(block.group(2));
        if (block.group(1).equals("CERTIFICATE")) {
          chain.add(certificates.generateCertificate(new ByteArrayInputStream(der)));
          continue;
        }
        PrivateKey one = key(block.group(1), der, password);
        if (one != null && key != null) {
          throw new GeneralSecurityException("there is more than one private key");
        }
        key = one == null ? key : one;
      }
    }
    if (key == null || chain.isEmpty()) {
      throw new GeneralSecurityException(
          key == null
              ? "there is no private key; name its file after the certificate's file, separated"
                  + " by a comma"
              : "there is no certificate beside the private key");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, password);
    store.setKeyEntry("client", key, password, chain.toArray(Certificate[]::new));
    return store;
  }

  /** Returns null for a block that is not a private key, such as the parameters of a curve. */
  private static @Nullable PrivateKey key(String label, byte[] der, char[] password)
      throws IOException, GeneralSecurityException {
    return switch (label) {
      case "PRIVATE KEY" -> key(new PKCS8EncodedKeySpec(der));
      case "ENCRYPTED PRIVATE KEY" -> key(decrypted(der, password));
      case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
          throw new GeneralSecurityException(
              "the private key is not PKCS #8; 'openssl pkcs8 -topk8 -nocrypt -in KEY' converts"
                  + " it");
      default -> null;
    };
  }

  private static PrivateKey key(PKCS8EncodedKeySpec encoded) throws GeneralSecurityException {
    for (String type : KEY_TYPES) {
      try {
        return KeyFactory.getInstance(type).generatePrivate(encoded);
      } catch (InvalidKeySpecException e) {
        // The key has another type: try the next.
      }
    }
    throw new GeneralSecurityException("the private key's type is none of " + KEY_TYPES);
  }

  private static PKCS8EncodedKeySpec decrypted(byte[] der, char[] password)
      throws IOException, GeneralSecurityException {
    EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der);
    AlgorithmParameters parameters = encrypted.getAlgParameters();
    // With PBES2, the name of the cipher is the text of the parameters.
    String cipher = parameters == null ? encrypted.getAlgName() : parameters.toString();
    try {
      Key secret = SecretKeyFactory.getInstance(cipher).generateSecret(new PBEKeySpec(password));
      Cipher opening = Cipher.getInstance(cipher);
      opening.init(Cipher.DECRYPT_MODE, secret, parameters);
      return encrypted.getKeySpec(opening);
    } catch (GeneralSecurityException e) {
      throw new GeneralSecurityException(
          "the private key is encrypted and the password does not decrypt it, see option"
              + " 'redis.tls.keystore-password'",
          e);
    }
  }

  private static String text(byte[] file) {
    return new String(file, StandardCharsets.ISO_8859_1);
  }
}
