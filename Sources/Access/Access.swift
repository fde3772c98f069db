import CryptoExtras
import JWTKit

enum Access {}
